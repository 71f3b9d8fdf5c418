[(comment) (haddock)] @comment
(header module: (_) @package)
[(pragma) (default_signature)] @attribute

; The equations of a function are one definition, and its signature begins it.
(function name: (prefix_id (_) @name) patterns: (_) . match: (_) @body) @function.clause
(function name: (_) @name patterns: (_) . match: (_) @body) @function.clause
(function (infix operator: (_) @name) (match) @body) @function.clause
(function (function_head_parens (infix operator: (_) @name)) (match) @body) @function.clause
(bind name: (prefix_id (_) @name) match: (_) @body) @function.clause
(bind name: (_) @name match: (_) @body) @function.clause
(declarations (signature name: (prefix_id (_) @name)) @overload)
(declarations (signature name: (_) @name) @overload)
(declarations (signature names: (binding_list . name: (_) @name)) @overload)
(class_declarations (signature name: (prefix_id (_) @name)) @overload)
(class_declarations (signature name: (_) @name) @overload)
(instance_declarations (signature name: (prefix_id (_) @name)) @overload)
(instance_declarations (signature name: (_) @name) @overload)

(data_type name: (_) @name patterns: (type_patterns) @name) @type
(newtype name: (_) @name patterns: (type_patterns) @name) @type
(data_instance [(data_type) (newtype)] @inner) @outer
(data_type name: (_) @name constructors: (_) @body) @type
(data_type name: (_) @name) @type
(newtype name: (_) @name constructor: (_) @body) @type
(newtype name: (_) @name) @type
(declarations (type_synomym name: (_) @name) @type)
(declarations (type_family name: (_) @name closed_family: (_)? @body) @type)
(declarations (data_family name: (_) @name) @type)
(pattern_synonym (signature synonym: (_) @name)) @overload
(pattern_synonym
  (equation
    synonym: [
      (constructor) @name
      (apply function: (constructor) @name)
      (apply function: (apply function: (constructor) @name))
      (apply function: (apply function: (apply function: (constructor) @name)))
    ])) @function.clause
(foreign_import signature: (signature name: (_) @name)) @function

(class name: (_) @name declarations: (_)? @body) @interface
(instance name: (_) @name patterns: (_) @name declarations: (_)? @body) @class
(instance name: (_) @name declarations: (_)? @body) @class

; inherits: c

; class EXPORT Name : public Base { ... }: the macro makes it look like a function that returns a class; where the
; name ends up depends on what stands around it.
(function_definition
  type: [(class_specifier !body) (struct_specifier !body)]
  . (ERROR . (identifier) @name) @_rest
  . declarator: (identifier)
  body: (compound_statement) @body
  (#match? @_rest "^\\w+\\s*(final\\s*)?:")) @class
(function_definition
  type: [(class_specifier !body) (struct_specifier !body)]
  declarator: (identifier)
  (ERROR . (identifier) @name .) @_rest
  body: (compound_statement) @body
  (#match? @_rest "^\\w+$")) @class
(function_definition
  type: [(class_specifier !body) (struct_specifier !body)]
  declarator: (identifier) @name
  body: (compound_statement) @body) @class

; TEST(Suite, Case) { ... }
(function_definition
  !type
  declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list
      . (parameter_declaration type: (_) @scope !declarator)
      . (parameter_declaration type: (_) @name !declarator)))
  body: (_) @body
  (#match? @_macro "^[A-Z][A-Z0-9_]+$")) @function
(function_definition
  !type
  declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list . (parameter_declaration type: (_) @name !declarator)))
  body: (_) @body
  (#match? @_macro "^[A-Z][A-Z0-9]*_[A-Z0-9_]+$")) @function

(function_definition declarator: (_) @declarator (try_statement) @body) @function

(declaration type: (class_specifier body: (_)) @inner) @outer
(field_declaration type: (class_specifier name: (_) @name body: (_) @body) @class.minor)
(class_specifier name: (_) @name body: (_) @body) @class
(namespace_definition name: (_) @name body: (_) @body) @module
(concept_definition name: (_) @name . (_) @body) @type
(alias_declaration name: (_) @name type: (_) @body) @type.minor

(template_declaration
  [
    (alias_declaration)
    (class_specifier)
    (concept_definition)
    (declaration)
    (friend_declaration)
    (function_definition)
    (struct_specifier)
    (template_declaration)
    (union_specifier)
  ] @inner) @outer
(friend_declaration [(function_definition) (declaration)] @inner) @outer

(declaration
  declarator: (init_declarator declarator: (_) @declarator value: (lambda_expression body: (_) @body))) @function
(declaration declarator: (reference_declarator (function_declarator)) @declarator ";" @body) @function.minor
(field_declaration
  declarator: [
    (function_declarator)
    (pointer_declarator declarator: (function_declarator))
    (reference_declarator (function_declarator))
  ] @declarator
  ";" @body) @method.minor

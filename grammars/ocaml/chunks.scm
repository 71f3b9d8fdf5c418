(comment) @comment
((comment) @comment.after (#match? @comment.after "^\\(\\*\\*[^*]"))

; let f x = ... and g y = ...: each begins with its own word.
(value_definition
  "and" @head
  . (let_binding pattern: [(value_name) (parenthesized_operator)] @name (parameter) body: (_) @body) @function)
(value_definition
  "and" @head
  . (let_binding
      pattern: [(value_name) (parenthesized_operator)] @name
      body: [(fun_expression) (function_expression)] @body) @function)
(value_definition "and" @head . (let_binding pattern: (value_name) @name body: (_) @body) @function.minor)
(value_definition
  . ["let" (let_operator)] @head
  (let_binding pattern: [(value_name) (parenthesized_operator)] @name (parameter) body: (_) @body) @function)
(value_definition
  . "let" @head
  (let_binding
    pattern: [(value_name) (parenthesized_operator)] @name
    body: [(fun_expression) (function_expression)] @body) @function)
(value_definition . "let" @head (let_binding pattern: (parenthesized_operator) @name body: (_) @body) @function)
(value_definition . "let" @head (let_binding pattern: (value_name) @name body: (_) @body) @function.minor)
; let%test "name" = ...
(value_definition . "let" @head (attribute_id) (let_binding pattern: (string) @name body: (_) @body) @function)

; In a module type, which is read as a whole, they stay in the text.
(module_type_definition
  body: (signature (type_definition . "type" @head (type_binding name: (_) @name !body !equation) @type.minor)))
(type_definition "and" @head . (type_binding name: (_) @name body: (_)? @body) @type)
(type_definition . "type" @head (type_binding name: (_) @name body: (_)? @body) @type)
(exception_definition (constructor_declaration . (_) @name)) @type.minor
(external . (_) @name type: (_)) @function

(module_definition "and" @head . (module_binding . (_) @name body: (structure) @body) @module.always)
(module_definition . "module" @head (module_binding . (_) @name body: (structure) @body) @module.always)
(module_definition
  . "module" @head
  (module_binding . (_) @name body: (functor body: (structure)) @body) @module.always)
(module_definition . "module" @head (module_binding . (_) @name module_type: (signature) @body) @module.always)
(module_type_definition . (_) @name body: (_)? @body) @interface

(class_definition "and" @head . (class_binding (class_name) @name body: (_)? @body) @class)
(class_definition . "class" @head (class_binding (class_name) @name body: (_)? @body) @class)
(class_type_definition . "class" @head (class_type_binding (class_type_name) @name body: (_)? @body) @interface)
(method_definition (method_name) @name body: (_) @body) @method

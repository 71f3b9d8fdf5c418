[(comment) (documentation_comment)] @comment
(annotation) @attribute

; A function's body stands beside its signature.
((function_signature name: (_) @name) @head . (function_body) @function @body)
((getter_signature name: (_) @name) @head . (function_body) @function @body)
((setter_signature name: (_) @name) @head . (function_body) @function @body)
(local_function_declaration
  (lambda_expression parameters: (function_signature name: (_) @name) body: (_) @body)) @function

((method_signature (function_signature name: (_) @name)) @head . (function_body) @method @body)
((method_signature (getter_signature name: (_) @name)) @head . (function_body) @method @body)
((method_signature (setter_signature name: (_) @name)) @head . (function_body) @method @body)
((method_signature (operator_signature "operator" @name . (_) @name)) @head . (function_body) @method @body)
; Point.origin(): the class stands before the name anyway.
((method_signature (constructor_signature name: "." . name: (_) @name)) @head . (function_body) @method @body)
((method_signature (constructor_signature name: (_) @name)) @head . (function_body) @method @body)
((method_signature (factory_constructor_signature "." . (identifier) @name)) @head . (function_body) @method @body)
((method_signature (factory_constructor_signature . (identifier) @name)) @head . (function_body) @method @body)
((method_signature (_ (identifier) @name)) @head . (function_body) @method @body)
; Without a body: abstract, external, or a constructor that says it all.
(declaration
  [
    (function_signature name: (_) @name)
    (getter_signature name: (_) @name)
    (setter_signature name: (_) @name)
    (constructor_signature name: (_) @name)
    (constant_constructor_signature (identifier) @name)
    (redirecting_factory_constructor_signature (identifier) @name)
  ]) @method.minor

(class_definition name: (_) @name body: (_)? @body) @class
(class_definition (mixin_application_class . (identifier) @name)) @class
(mixin_declaration (identifier) @name . (_)* (class_body) @body) @class
(extension_declaration name: (_) @name body: (_) @body) @class
(extension_declaration class: (_) @name body: (_) @body) @class
(extension_type_declaration name: (_) @name body: (_) @body) @class
(enum_declaration name: (_) @name body: (_) @body) @enum
(type_alias (type_identifier) @name . [(type_parameters) "="]) @type
(type_alias (type_identifier) @name . (formal_parameter_list)) @type

[
  (static_final_declaration . (identifier) @name (function_expression body: (_) @body))
  (initialized_identifier . (identifier) @name (function_expression body: (_) @body))
] @function.minor

; group('what', () { test('works', () { ... }); });
(expression_statement
  (identifier) @_group
  . (selector (argument_part (arguments . (argument (string_literal) @name) . (argument (function_expression body: (_) @body)))))
  (#any-of? @_group "group")) @module
(expression_statement
  (identifier) @_test
  . (selector (argument_part (arguments . (argument (string_literal) @name) . (argument (function_expression body: (_) @body)))))
  (#any-of? @_test "test" "testWidgets")) @function

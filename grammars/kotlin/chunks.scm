[(line_comment) (multiline_comment)] @comment
(annotation) @attribute
; @Suppress("unused") on a line of its own may be read as an expression.
(prefix_expression . (annotation) . (parenthesized_expression) .) @attribute
(package_header (identifier) @package)

(class_declaration "interface" (type_identifier) @name [(class_body) (enum_class_body)]? @body) @interface
(class_declaration "enum" (type_identifier) @name (enum_class_body)? @body) @enum
(class_declaration (type_identifier) @name [(class_body) (enum_class_body)]? @body) @class
(object_declaration (type_identifier) @name (class_body)? @body) @class
; What is in a companion without a name is called like a member of its class.
(companion_object (type_identifier) @name (class_body)? @body) @class
(enum_entry (simple_identifier) @name (class_body) @body) @class.minor
(type_alias (type_identifier) @name) @type

; Extensions: fun List<T>.second()
(function_declaration
  receiver: (receiver_type
    [(user_type) @scope (nullable_type (user_type) @scope)])
  (simple_identifier) @name
  (function_body) @body) @function
(function_declaration (simple_identifier) @name (function_body) @body) @function
; Without a body: of an interface, abstract, expected from each platform.
(function_declaration (simple_identifier) @name) @function.minor
(secondary_constructor "constructor" @name "{" @body) @method
(secondary_constructor "constructor" @name) @method.minor

; Most properties are one line of their class.
(property_declaration
  receiver: (receiver_type [(user_type) @scope (nullable_type (user_type) @scope)])
  (variable_declaration (simple_identifier) @name)
  (getter) @body) @method.minor
(property_declaration (variable_declaration (simple_identifier) @name) [(getter) (setter)] @body) @method.minor
((property_declaration
  receiver: (receiver_type [(user_type) @scope (nullable_type (user_type) @scope)])
  (variable_declaration (simple_identifier) @name)) @head
  . (getter) @method.minor @body)
((property_declaration (variable_declaration (simple_identifier) @name)) @head . (getter) @method.minor @body)
(property_declaration
  (variable_declaration (simple_identifier) @name)
  [(lambda_literal) (anonymous_function) (property_delegate) (object_literal)] @body) @function.minor
(source_file (property_declaration (variable_declaration (simple_identifier) @name)) @value)

; describe("what") { it("works") { ... } }; get("/path") { ... }
(call_expression
  (simple_identifier) @_group
  (call_suffix
    (value_arguments . (value_argument (string_literal) @name))
    (annotated_lambda) @body)
  (#any-of? @_group "describe" "context" "feature")) @module
(call_expression
  (simple_identifier) @_group
  (call_suffix
    (value_arguments . (value_argument (string_literal) @name))
    (annotated_lambda) @body)
  (#any-of? @_group "it" "test" "scenario" "should")) @function
(call_expression
  (simple_identifier)
  (call_suffix
    (value_arguments . (value_argument (string_literal) @name))
    (annotated_lambda) @body)) @function.minor

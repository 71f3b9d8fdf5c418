[(comment) (multiline_comment)] @comment
(attribute) @attribute

(class_declaration declaration_kind: "enum" name: (_) @name body: (_) @body) @enum
(class_declaration name: (_) @name body: (_) @body) @class
(protocol_declaration name: (_) @name body: (_) @body) @interface
(typealias_declaration name: (type_identifier) @name) @type
(macro_declaration (simple_identifier) @name definition: (_)? @body) @macro

; The field "name" also holds what a function returns.
(function_declaration name: (simple_identifier) @name body: (_) @body) @function
(function_declaration name: _ @name body: (_) @body) @function
(protocol_function_declaration name: (simple_identifier) @name) @method.minor
(protocol_function_declaration name: _ @name) @method.minor
(init_declaration "init" @name body: (_) @body) @method
(deinit_declaration "deinit" @name body: (_) @body) @method
(subscript_declaration "subscript" @name (computed_property) @body) @method

; Most properties are one line of their class.
(property_declaration name: (pattern (simple_identifier) @name) computed_value: (_) @body) @method.minor
(property_declaration
  name: (pattern (simple_identifier) @name)
  value: [(lambda_literal) (call_expression (lambda_literal))] @body) @function.minor
(source_file (property_declaration name: (pattern (simple_identifier) @name) value: (_) @body) @value)

; describe("what") { it("works") { ... } }
(call_expression
  (simple_identifier) @_group
  (call_suffix (value_arguments . (value_argument value: (line_string_literal) @name)) (lambda_literal) @body)
  (#any-of? @_group "describe" "context")) @module
(call_expression
  (simple_identifier) @_group
  (call_suffix (value_arguments . (value_argument value: (line_string_literal) @name)) (lambda_literal) @body)
  (#any-of? @_group "it" "test")) @function
(call_expression
  (simple_identifier)
  (call_suffix
    (value_arguments . (value_argument value: (line_string_literal) @name))
    (lambda_literal) @body)) @function.minor

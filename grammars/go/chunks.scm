(function_declaration name: (identifier) @name body: (_)? @body) @function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @scope
    (pointer_type (type_identifier) @scope)
    (generic_type type: (type_identifier) @scope)
    (pointer_type (generic_type type: (type_identifier) @scope))]))
  name: (field_identifier) @name
  body: (_)? @body) @method
; A receiver that cannot be read, in a file being edited.
(method_declaration name: (field_identifier) @name body: (_)? @body) @method

(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @class
(type_spec name: (type_identifier) @name type: (interface_type)) @interface
(type_spec name: (type_identifier) @name) @type
(type_alias name: (type_identifier) @name) @type

(source_file (var_declaration (var_spec name: (identifier) @name)) @value)
(source_file (const_declaration . (const_spec name: (identifier) @name)) @value)

; t.Run("…", func(t *testing.T) { … })
(call_expression
  function: (selector_expression field: (field_identifier) @_run)
  arguments: (argument_list
    . [(interpreted_string_literal) (raw_string_literal)] @name
    . (func_literal body: (_) @body))
  (#eq? @_run "Run")) @function

(type_declaration . (type_spec) @inner .) @outer
(type_declaration . (type_alias) @inner .) @outer
(comment) @comment

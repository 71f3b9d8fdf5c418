(comment) @comment

; Help may stand in the body.
(function_statement (function_name) @name . "{" @body . (comment) @doc) @function
(function_statement (function_name) @name (function_parameter_declaration) . "{" @body . (comment) @doc) @function
(function_statement (function_name) @name "{" @body) @function
(class_statement . (simple_name) @name "{" @body) @class
(class_method_definition (simple_name) @name "{" @body) @method
(enum_statement (simple_name) @name "{" @body) @enum

; Describe "what" { It "works" { ... } }
((command
  command_name: (command_name) @_group
  command_elements: (command_elements
    (array_literal_expression (unary_expression (string_literal) @name))
    (array_literal_expression (unary_expression (script_block_expression) @body))))
  (#match? @_group "^(?i:describe|context|inmodulescope)$")) @module
((command
  command_name: (command_name) @_test
  command_elements: (command_elements
    (array_literal_expression (unary_expression (string_literal) @name))
    (array_literal_expression (unary_expression (script_block_expression) @body))))
  (#match? @_test "^(?i:it)$")) @function
((command
  command_name: (command_name) @_block
  command_elements: (command_elements
    [(generic_token) @name (array_literal_expression (unary_expression (string_literal) @name))]
    (array_literal_expression (unary_expression (script_block_expression) @body))))
  (#match? @_block "^(?i:configuration|node|task)$")) @function

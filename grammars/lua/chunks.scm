(comment) @comment

(function_declaration name: (identifier) @name body: (_)? @body) @function
(function_declaration
  name: (dot_index_expression table: (_) @scope field: (_) @name) body: (_)? @body) @function
(function_declaration
  name: (method_index_expression table: (_) @scope method: (_) @name) body: (_)? @body) @method

; name = function ... end, local or in a table
(assignment_statement
  (variable_list . name: (identifier) @name)
  (expression_list . value: (function_definition body: (_)? @body))) @function
(assignment_statement
  (variable_list . name: (dot_index_expression table: (_) @scope field: (_) @name))
  (expression_list . value: (function_definition body: (_)? @body))) @function
(assignment_statement
  (variable_list . name: (bracket_index_expression table: (_) @scope field: (string) @name))
  (expression_list . value: (function_definition body: (_)? @body))) @function
; name = other or function ... end; name = wrap(function ... end)
(assignment_statement
  (variable_list . name: (_) @name)
  (expression_list
    . value: [
      (binary_expression right: (function_definition body: (_)? @body))
      (function_call arguments: (arguments (function_definition body: (_)? @body)))
    ])) @function.minor
(variable_declaration (assignment_statement) @inner) @outer

; A table with functions in it is what Lua has for a class.
(assignment_statement
  (variable_list . name: (_) @name)
  (expression_list
    . value: (table_constructor (field name: (_) value: (function_definition))) @body)) @class
(field name: (_) @name value: (table_constructor (field name: (_) value: (function_definition))) @body) @class.minor
(field name: (_) @name value: (function_definition body: (_)? @body)) @function

(assignment_statement
  (variable_list . name: (_) @name)
  (expression_list . value: (table_constructor) @body)) @value

; describe("what", function() it("works", function() ... end) end)
(function_call
  name: (identifier) @_group
  arguments: (arguments . (string) @name . (function_definition body: (_)? @body))
  (#any-of? @_group "describe" "context" "insulate" "expose")) @module
(function_call
  name: (identifier) @_group
  arguments: (arguments . (string) @name . (function_definition body: (_)? @body))
  (#any-of? @_group "it" "spec" "test")) @function
(function_call
  name: (_)
  arguments: (arguments . (string) @name . (function_definition body: (_)? @body))) @function.minor

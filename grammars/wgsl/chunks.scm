(function_declaration name: (_) @name body: (_) @body) @function
(struct_declaration name: (_) @name) @class
(global_constant_declaration (variable_identifier_declaration name: (_) @name)) @value
[(line_comment) (block_comment)] @comment

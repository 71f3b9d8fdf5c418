; The annotation above a function belongs to it.
((type_annotation) @head
  . (value_declaration
    (function_declaration_left . (lower_case_identifier) @name)
    (eq) @body) @function)
(value_declaration (function_declaration_left . (lower_case_identifier) @name) (eq) @body) @function
(type_alias_declaration name: (_) @name (eq) @body) @type
(type_declaration name: (_) @name (eq) @body) @enum
(port_annotation name: (_) @name) @function
[(line_comment) (block_comment)] @comment

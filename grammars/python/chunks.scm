; Functions that typing.overload marks have a body of three dots only.
(decorated_definition
  (decorator [(identifier) @_mark (attribute attribute: (identifier) @_mark)])
  definition: (function_definition name: (identifier) @name body: (_) @body) @overload
  (#eq? @_mark "overload"))

; In this release of the grammar a docstring is a bare string, in others an expression_statement.
(function_definition
  name: (identifier) @name
  body: (block . (string)? @doc) @body) @function
(class_definition
  name: (identifier) @name
  body: (block . (string)? @doc) @body) @class

(module (assignment left: (identifier) @name) @value)
(module (type_alias_statement left: (type (identifier) @name)) @value)

(module . (comment)* . (string) @doc)

(decorated_definition definition: (_) @inner) @outer
(decorator) @attribute
(comment) @comment

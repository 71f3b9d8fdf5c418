(comment) @comment

; What the first comment in a function says is its help.
(function_definition ["get." "set."] @name name: (_) @name (function_arguments)? . (comment)? @doc (block) @body) @function
(function_definition name: (_) @name (function_arguments)? . (comment) @doc (block) @body) @function
(function_definition name: (_) @name (block) @body) @function
(function_definition name: (_) @name) @function
(class_definition name: (_) @name (superclasses)? . (comment) @doc @body) @class
(class_definition name: (_) @name) @class
(assignment left: (identifier) @name right: (lambda) @body) @function.minor

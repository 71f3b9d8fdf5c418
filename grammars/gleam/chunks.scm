(function name: (_) @name body: (_) @body) @function
(function name: (_) @name) @function
(attribute) @attribute
(type_definition (type_name) @name (data_constructors) @body) @enum
(type_definition (type_name) @name) @type
(type_alias (type_name) @name . (_) @body) @type.minor
(constant name: (_) @name value: (_) @body) @value
[(comment) (statement_comment) (module_comment)] @comment

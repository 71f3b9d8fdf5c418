(struct_definition (identifier) @name) @class
(union_definition (identifier) @name) @class
(exception_definition (identifier) @name) @class
(enum_definition . (identifier) @name) @enum
(service_definition . (identifier) @name) @interface
(function_definition (identifier) @name) @method
(comment) @comment

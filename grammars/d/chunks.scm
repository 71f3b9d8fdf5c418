(module_declaration (module_fqn) @package)
(function_declaration (identifier) @name (function_body) @body) @function
(constructor (this) @name (function_body) @body) @function
(destructor "~" @name (this) @name (function_body) @body) @function
(class_declaration (identifier) @name (aggregate_body) @body) @class
(struct_declaration (identifier) @name (aggregate_body) @body) @class
(union_declaration (identifier) @name (aggregate_body) @body) @class
(interface_declaration (identifier) @name (aggregate_body) @body) @interface
(enum_declaration (identifier) @name) @enum
(template_declaration (identifier) @name) @class
(mixin_template_declaration (template_declaration (identifier) @name)) @class
(unittest_declaration (unittest) @name) @function.minor
(comment) @comment

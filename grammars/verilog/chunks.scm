(module_declaration (module_header (simple_identifier) @name)) @class
(module_declaration (module_header (module_keyword) . (_) @name)) @class
(interface_declaration (interface_ansi_header (interface_identifier) @name)) @interface
(interface_declaration (interface_nonansi_header (interface_identifier) @name)) @interface
(package_declaration (package_identifier) @name) @module
(program_declaration (program_ansi_header (program_identifier) @name)) @class
(class_declaration (class_identifier) @name) @class
(class_constructor_declaration "new" @name) @function
(function_declaration (function_body_declaration (function_identifier) @name)) @function
(task_declaration (task_body_declaration (task_identifier) @name)) @function
(text_macro_definition (text_macro_name) @name) @macro.minor
(comment) @comment

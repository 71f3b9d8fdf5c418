(entity_declaration name: (_) @name) @interface
(architecture_body name: (_) @name entity: (_) @scope) @class
(package_declaration name: (_) @name) @module.always
(package_body package: (_) @name) @module
(function_body designator: (_) @name) @function
(procedure_body designator: (_) @name) @function
(process_statement (label (identifier) @name)) @function.minor
(full_type_declaration name: (_) @name) @type.minor
(component_declaration name: (_) @name) @interface.minor
(configuration_declaration name: (_) @name) @class.minor
(comment) @comment

(module (module_statement (name) @name) @_head) @module.always
(submodule (submodule_statement (name) @name)) @module
(subroutine (subroutine_statement name: (_) @name)) @function
(function (function_statement name: (_) @name)) @function
(module_procedure (module_procedure_statement name: (_) @name)) @function
(program (program_statement (name) @name)) @function
(derived_type_definition (derived_type_statement (type_name) @name)) @class
(interface (interface_statement (name) @name)) @interface.minor
(comment) @comment

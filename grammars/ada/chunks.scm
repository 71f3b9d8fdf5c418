(subprogram_body
  [(procedure_specification name: (_) @name) (function_specification name: (_) @name)] @_spec
  (handled_sequence_of_statements) @_body) @function
(subprogram_body [(procedure_specification name: (_) @name) (function_specification name: (_) @name)]) @function
(expression_function_declaration (function_specification name: (_) @name)) @function
(subprogram_declaration [(procedure_specification name: (_) @name) (function_specification name: (_) @name)]) @function.minor
(package_declaration name: (_) @name) @module.always
(package_body name: (_) @name) @module
(task_body . (identifier) @name) @class
(protected_body . (identifier) @name) @class
(full_type_declaration . (identifier) @name) @type.minor
(comment) @comment

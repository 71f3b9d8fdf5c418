(comment) @comment
(function_definition name: (_) @name body: (_) @body) @function
(variable_assignment name: (_) @name value: (array) @body) @value
(declaration_command (variable_assignment) @inner) @outer
((command name: (command_name) @_test argument: (string (string_content) @name)) @function.open (#eq? @_test "@test")) ; of Bats

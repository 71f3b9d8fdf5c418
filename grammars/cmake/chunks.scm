(function_def (function_command (argument_list . [(line_comment) (bracket_comment)]* . (argument) @name)) (body) @body) @function
(macro_def (macro_command (argument_list . [(line_comment) (bracket_comment)]* . (argument) @name)) (body) @body) @macro
; Targets, and what is fetched and built with the project.
(normal_command
  (identifier) @_command
  (argument_list . [(line_comment) (bracket_comment)]* . (argument) @name)
  (#match? @_command "^(add_(executable|library|custom_target)|ADD_(EXECUTABLE|LIBRARY|CUSTOM_TARGET))$")) @block
(normal_command
  (identifier) @_command
  (argument_list . [(line_comment) (bracket_comment)]* . (argument) @name)
  (#match? @_command "^(ExternalProject_Add|externalproject_add|FetchContent_Declare|fetchcontent_declare)$")) @block.minor
(normal_command
  (identifier) @_command
  (argument_list . [(line_comment) (bracket_comment)]* . (argument) @name)
  (#match? @_command "^(set|SET)$")) @value
[(line_comment) (bracket_comment)] @comment

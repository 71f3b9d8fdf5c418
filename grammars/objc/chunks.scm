; inherits: c

; A category has the name of what it extends, as an extension in Swift.
(class_interface . (identifier) @name) @class
(class_implementation . (identifier) @name) @class
(protocol_declaration . (identifier) @name) @interface

(method_definition (identifier) @name . (compound_statement) @body) @method
(method_definition
  [(identifier) @name.part (method_parameter . ":" @name.part)]+
  (compound_statement) @body) @method
(method_declaration (identifier) @name . ";" @body) @method.minor
(method_declaration [(identifier) @name.part (method_parameter . ":" @name.part)]+ ";" @body) @method.minor

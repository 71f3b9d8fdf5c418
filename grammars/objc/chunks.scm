; inherits: c

(class_interface
  . (identifier) @name.part "(" @name.part . category: (identifier)? @name.part . ")" @name.part) @class
(class_interface . (identifier) @name) @class
(class_implementation
  . (identifier) @name.part "(" @name.part . category: (identifier)? @name.part . ")" @name.part) @class
(class_implementation . (identifier) @name) @class
(protocol_declaration . (identifier) @name) @interface

(method_definition (identifier) @name . (compound_statement) @body) @method
(method_definition
  [(identifier) @name.part (method_parameter . ":" @name.part)]+
  (compound_statement) @body) @method
(method_declaration (identifier) @name . ";" @body) @method.minor
(method_declaration [(identifier) @name.part (method_parameter . ":" @name.part)]+ ";" @body) @method.minor

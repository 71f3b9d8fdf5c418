; inherits: cpp

; cbuffer Name : register(b0) { … }: the grammar sees a declaration and a block behind it.
((declaration type: (type_identifier) @_type declarator: (identifier) @name) @head
  . (compound_statement) @body @class
  (#match? @_type "^(c|t|Constant|Texture)[bB]uffer$"))
(hlsl_attribute) @attribute

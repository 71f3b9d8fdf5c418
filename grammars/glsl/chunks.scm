; inherits: c

; uniform Name { … } name;
(declaration (identifier) @name (field_declaration_list) @body) @class

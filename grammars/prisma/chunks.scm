(model_block (identifier) @name) @class
(enum_block (identifier) @name) @enum
(key_value_block (identifier) @name) @block
[(comment) (document_comment)] @comment

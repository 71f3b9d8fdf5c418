; inherits: css

(mixin_statement name: (_) @name (block) @body) @macro
(function_statement name: (_) @name (block) @body) @function
(js_comment) @comment

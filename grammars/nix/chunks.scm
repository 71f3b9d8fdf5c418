; add = a: b: …
(binding
  attrpath: (_) @name
  expression: (function_expression
    body: (function_expression body: (function_expression body: (_) @body)))) @function
(binding attrpath: (_) @name expression: (function_expression body: (function_expression body: (_) @body))) @function
(binding attrpath: (_) @name expression: (function_expression body: (_) @body)) @function
(binding
  attrpath: (_) @name
  expression: [
    (apply_expression)
    (attrset_expression)
    (let_expression)
    (rec_attrset_expression)
    (with_expression)
    (list_expression)
    (if_expression)
    (binary_expression)
  ] @body) @block.minor
(comment) @comment

(table [(bare_key) (dotted_key) (quoted_key)] @name) @block.minor
(table_array_element [(bare_key) (dotted_key) (quoted_key)] @name) @block.minor
(comment) @comment

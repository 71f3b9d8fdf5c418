; A stage reaches to the next FROM.
(from_instruction as: (_) @name) @block.open
(from_instruction (image_spec) @name) @block.open
(comment) @comment

; Small rules stay together in groups.
(stylesheet (rule_set (selectors) @name (block) @body) @block.large)
(stylesheet (media_statement "@media" @name (_) @name . (block) @body) @block.large)
(stylesheet (supports_statement "@supports" @name (_) @name . (block) @body) @block.large)
(keyframes_statement (keyframes_name) @name (keyframe_block_list) @body) @block.minor
(stylesheet (at_rule (at_keyword) @name (_)? @name . (block) @body) @block.large)
(comment) @comment

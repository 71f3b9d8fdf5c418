; A resource of Kubernetes: Deployment.web
(document (block_node (block_mapping
  (block_mapping_pair key: (_) @_kind value: (_) @scope)
  . (block_mapping_pair
      key: (_) @_metadata
      value: (block_node (block_mapping . (block_mapping_pair key: (_) @_name value: (_) @name)))))) @block
  (#eq? @_kind "kind") (#eq? @_metadata "metadata") (#eq? @_name "name"))

; The keys of a file and of what they hold, where they hold much: a job of a workflow, a path of an interface.
(document (block_node (block_mapping (block_mapping_pair key: (_) @name value: (block_node) @body) @block.minor)))
(document (block_node (block_mapping (block_mapping_pair
  value: (block_node (block_mapping (block_mapping_pair key: (_) @name value: (block_node) @body) @block.minor))))))
(comment) @comment

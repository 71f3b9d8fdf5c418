; Named as Terraform addresses them: aws_instance.web, data.aws_ami.ubuntu, module.network, variable.region.
(config_file (body (block
  . (identifier) @_resource
  . (string_lit (template_literal) @scope)
  . (string_lit (template_literal) @name)
  . (block_start) @body) @block)
  (#eq? @_resource "resource"))
(config_file (body (block
  . (identifier) @scope
  . (string_lit (template_literal) @scope)
  . (string_lit (template_literal) @name)
  . (block_start) @body) @block))
(config_file (body (block . (identifier) @scope . (string_lit (template_literal) @name) . (block_start) @body) @block))
(config_file (body (block . (identifier) @name . (block_start) @body) @block))
(comment) @comment

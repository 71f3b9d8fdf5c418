(element (start_tag
  (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name))) @_body
  (#eq? @_id "id")) @section.minor

; What a script is written in says its type; without one, or as a module, it is JavaScript.
(script_element
  (start_tag (attribute (attribute_name) @_type (quoted_attribute_value (attribute_value) @language)))
  (raw_text) @embedded
  (#eq? @_type "type")
  (#not-eq? @language "module"))
(script_element (raw_text) @embedded.javascript)
(style_element (raw_text) @embedded.css)
(comment) @comment

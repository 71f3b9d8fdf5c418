; A component has the name of its file, and for its text what its scripts and styles leave: the template, the markup.
(document . (_) @body) @class

(script_element
  (start_tag (attribute (attribute_name) @_lang (quoted_attribute_value (attribute_value) @language)))
  (raw_text) @embedded
  (#eq? @_lang "lang"))
(style_element
  (start_tag (attribute (attribute_name) @_lang (quoted_attribute_value (attribute_value) @language)))
  (raw_text) @embedded
  (#eq? @_lang "lang"))
(script_element (raw_text) @embedded.javascript)
(style_element (raw_text) @embedded.css)
(comment) @comment

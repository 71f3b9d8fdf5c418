(object_type_definition (description)? @doc (name) @name (fields_definition)? @body) @class
(interface_type_definition (description)? @doc (name) @name (fields_definition)? @body) @interface
(input_object_type_definition (description)? @doc (name) @name (input_fields_definition)? @body) @class
(enum_type_definition (description)? @doc (name) @name (enum_values_definition)? @body) @enum
(union_type_definition (description)? @doc (name) @name) @type
(scalar_type_definition (description)? @doc (name) @name) @type.minor
(directive_definition (description)? @doc (name) @name) @macro
(schema_definition "schema" @name) @class.minor
(object_type_extension (name) @name (fields_definition)? @body) @class
(interface_type_extension (name) @name (fields_definition)? @body) @interface
(input_object_type_extension (name) @name (input_fields_definition)? @body) @class
(enum_type_extension (name) @name (enum_values_definition)? @body) @enum
(operation_definition (operation_type) (name) @name (selection_set) @body) @function
(fragment_definition (fragment_name) @name (selection_set) @body) @function
; A field with a long documentation or many arguments.
(field_definition (description)? @doc (name) @name) @function.minor
(description) @attribute
(comment) @comment

; inherits: ocaml

; Here a signature is all there is of a function; those of a module type stay in its text.
(compilation_unit (value_specification . (_) @name type: (_)) @function)
(module_binding module_type: (signature (value_specification . (_) @name type: (_)) @function))
(module_definition . "module" @head (module_binding . (_) @name module_type: (_) @body) @module)
(class_definition "and" @head . (class_binding (class_name) @name class_type: (_) @body) @class)
(class_definition . "class" @head (class_binding (class_name) @name class_type: (_) @body) @class)

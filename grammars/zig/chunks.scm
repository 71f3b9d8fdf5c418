[(line_comment) (doc_comment) (container_doc_comment)] @comment

; "pub" stands in front of a declaration, not in it.
("pub" @head . (Decl (FnProto function: (_) @name) (Block) @body) @function)
(Decl (FnProto function: (_) @name) (Block) @body) @function
("pub" @head . (Decl (FnProto function: (_) @name)) @function.minor)
(Decl (FnProto function: (_) @name)) @function.minor

; const Name = struct { ... };
("pub" @head
  . (Decl
      (VarDecl
        variable_type_function: (_) @name
        (ErrorUnionExpr (SuffixExpr . (ContainerDecl (ContainerDeclType "enum") "{" @body) .)))) @enum)
(Decl
  (VarDecl
    variable_type_function: (_) @name
    (ErrorUnionExpr (SuffixExpr . (ContainerDecl (ContainerDeclType "enum") "{" @body) .)))) @enum
("pub" @head
  . (Decl
      (VarDecl
        variable_type_function: (_) @name
        (ErrorUnionExpr (SuffixExpr . (ContainerDecl "{" @body) .)))) @class)
(Decl
  (VarDecl variable_type_function: (_) @name (ErrorUnionExpr (SuffixExpr . (ContainerDecl "{" @body) .)))) @class
("pub" @head
  . (Decl (VarDecl variable_type_function: (_) @name (ErrorUnionExpr (SuffixExpr . (ErrorSetDecl) @body .)))) @type.minor)
(Decl (VarDecl variable_type_function: (_) @name (ErrorUnionExpr (SuffixExpr . (ErrorSetDecl) @body .)))) @type.minor
("pub" @head . (Decl (VarDecl variable_type_function: (_) @name)) @value)
(source_file (Decl (VarDecl variable_type_function: (_) @name)) @value)

(TestDecl . "test" . [(STRINGLITERALSINGLE) (IDENTIFIER)] @name (Block) @body) @function

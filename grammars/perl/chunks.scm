(comment) @comment
((pod) @comment.loose (#not-match? @comment.loose "^=head1 (NAME|SYNOPSIS|DESCRIPTION)"))
(pod) @comment

(package_statement name: (_) @name (block) @body) @class
(package_statement name: (_) @package)
(class_statement name: (_) @name (block) @body) @class
(class_statement name: (_) @package)
(role_statement name: (_) @name (block) @body) @class

(subroutine_declaration_statement name: (_) @name body: (_) @body) @function
(method_declaration_statement name: (_) @name body: (_) @body) @method

; *name = sub { ... }; my $name = sub { ... }; $self->{name} = sub { ... }
(expression_statement
  (assignment_expression
    left: (glob (varname) @name)
    right: (anonymous_subroutine_expression body: (_) @body))) @function
(expression_statement
  (assignment_expression
    left: [(variable_declaration variable: (_ (varname) @name)) (_ (varname) @name)]
    right: (anonymous_subroutine_expression body: (_) @body))) @function.minor

; subtest 'works' => sub { ... }; has name => (...)
(expression_statement
  (ambiguous_function_call_expression
    arguments: (list_expression
      . [(string_literal) (interpolated_string_literal) (autoquoted_bareword)] @name
      (anonymous_subroutine_expression body: (_) @body)))) @function.minor
(expression_statement
  (ambiguous_function_call_expression
    function: (function)
    arguments: [(string_literal) (interpolated_string_literal) (autoquoted_bareword)] @name
    . "=>" . (_) @body)) @function.minor

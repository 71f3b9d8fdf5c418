;;; sightline.el --- Find code by what it does  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, convenience

;;; Commentary:

;; M-x sightline-find asks a question about the project of the current buffer, M-x sightline-find-similar looks for
;; what resembles the region or the function at point, M-x sightline-status says how much is indexed,
;; M-x sightline-pause and M-x sightline-resume stop indexing and go on with it.
;;
;; With Consult results come while one types, with a preview; else they come up as completions or cross-references,
;; see `sightline-interface'.  next-error and previous-error step through them.
;;
;; Eglot manages one server for a buffer, which should be the one of its language, so this keeps a connection of
;; its own for each project.  What is in modified buffers is sent along when a question is asked.

;;; Code:

(require 'cl-lib)
(require 'grep)
(require 'jsonrpc)
(require 'project)
(require 'subr-x)
(require 'url-util)
(require 'xref)

(defgroup sightline nil
  "Find code by what it does."
  :group 'tools)

(defcustom sightline-command '("sightline" "lsp")
  "How to start the server."
  :type '(repeat string))

(defcustom sightline-settings nil
  "Settings of the server, a property list such as (:exclude [\"vendor/\"]).
There are `:model', `:maxFileSize', `:threads', `:exclude', `:embed',
`:bufferDelayMs', `:dimensions', `:vectorPrecision', `:maxTokens' and
`:chunkBytes'; docs/protocol.md says what they mean and are by default."
  :type 'plist)

(defcustom sightline-interface 'auto
  "How results are shown.
`consult' asks while one types and shows the code beside; `completing-read'
and `xref' ask once.  `auto' takes Consult where it is installed, else
completions where a list of them is shown as one types, else
cross-references."
  :type '(choice (const auto) (const consult) (const completing-read) (const xref)))

(defcustom sightline-limit 20
  "How many results a question has at most."
  :type 'natnum)

(defcustom sightline-timeout 30
  "Seconds to wait for an answer."
  :type 'number)

(defvar sightline-status-functions nil
  "Called with a folder's status, a property list, when the server tells of it.")

(defvar sightline--connections (make-hash-table :test #'equal)
  "The connection of each project by its root.")

(defclass sightline-connection (jsonrpc-process-connection)
  ((sent :initform nil :accessor sightline--sent
         :documentation "An alist of the buffers the server has the text of, with the tick it was taken at.")
   (statuses :initform nil :accessor sightline--statuses
             :documentation "An alist of the last status of each folder by its URI.")
   (program :initform nil :accessor sightline--program :documentation "The server's process."))
  "A server and what it was told.")

(defun sightline--root ()
  "The root of the current buffer's project."
  (if-let ((project (project-current)))
      (expand-file-name (project-root project))
    (user-error "Sightline searches projects; %s lies in none" default-directory)))

(defun sightline--uri (path)
  "The URI of the file PATH."
  (concat "file://" (and (string-match-p "\\`[A-Za-z]:" path) "/")
          (url-hexify-string (directory-file-name path) url-path-allowed-chars)))

(defun sightline--path (uri)
  "The path that URI names."
  (let ((path (decode-coding-string (url-unhex-string (string-remove-prefix "file://" uri)) 'utf-8)))
    (if (string-match-p "\\`/[A-Za-z]:/" path) (substring path 1) path)))

(defun sightline--last-words (process)
  "The last line that PROCESS wrote to its standard error."
  (let* ((errors (process-get process 'sightline-errors))
         (pipe (and (buffer-live-p errors) (get-buffer-process errors)))
         (_ (while (and pipe (process-live-p pipe) (accept-process-output pipe 1))))
         (lines (and (buffer-live-p errors)
                     (split-string (with-current-buffer errors (buffer-string)) "\n" t "[ \t]+"))))
    (setq lines (seq-remove (lambda (line) (string-match-p "\\`Process .* \\(finished\\|exited\\)" line)) lines))
    (if lines (format " and said “%s”" (truncate-string-to-width (car (last lines)) 200)) "")))

(defun sightline--request (connection method params)
  "Ask for METHOD with PARAMS; what goes wrong is one sentence."
  (condition-case problem
      (jsonrpc-request connection method params :timeout sightline-timeout)
    (error
     (let ((process (sightline--program connection))
           (sentence (and (eq (car problem) 'jsonrpc-error)
                          (alist-get 'jsonrpc-error-message (cddr problem)))))
       (cond
        ((not (process-live-p process))
         (user-error "Sightline's server ended with status %s%s; the next question starts another"
                     (process-exit-status process) (sightline--last-words process)))
        ((equal sentence "Timed out")
         (delete-process process)
         (user-error "Sightline's server did not answer in %s seconds and was ended; the next question starts another"
                     sightline-timeout))
        (t (user-error "%s" (or sentence (error-message-string problem)))))))))

(defun sightline--hear (connection method params)
  "Take a notification METHOD with PARAMS from CONNECTION."
  (pcase method
    ('sightline/status
     (setf (alist-get (plist-get params :folder) (sightline--statuses connection) nil nil #'equal) params)
     (run-hook-with-args 'sightline-status-functions params))
    ('window/showMessage
     (message "%s" (plist-get params :message)))))

(defun sightline--answer (_connection method _params)
  "What the server asks us: METHOD."
  (pcase method
    ('workspace/configuration (vector sightline-settings))
    (_ (jsonrpc-error :code -32601 :message (format "%s is not known here" method)))))

(defun sightline--start (name)
  "Start the server's program as the process NAME."
  (let* ((errors (get-buffer-create (format " *%s errors*" name)))
         (process (progn
                    (with-current-buffer errors (erase-buffer))
                    (make-process :name name :command sightline-command :connection-type 'pipe
                                  :coding 'utf-8-emacs-unix :noquery t :stderr errors))))
    (process-put process 'sightline-errors errors)
    (set-process-query-on-exit-flag (get-buffer-process errors) nil)
    process))

(defun sightline--connect (root)
  "Start a server for the project at ROOT."
  (unless (executable-find (car sightline-command))
    (user-error "Sightline's server `%s' is not installed or not in exec-path" (car sightline-command)))
  (let* ((name (format "Sightline %s" (file-name-nondirectory (directory-file-name root))))
         (process nil)
         (connection
          (make-instance
           'sightline-connection
           :name name
           :notification-dispatcher #'sightline--hear
           :request-dispatcher #'sightline--answer
           :process (lambda () (setq process (sightline--start name))))))
    (setf (sightline--program connection) process)
    (sightline--request
     connection :initialize
     `( :processId ,(emacs-pid) :clientInfo (:name "Emacs" :version ,emacs-version)
        :rootUri ,(sightline--uri root)
        :workspaceFolders [(:uri ,(sightline--uri root) :name ,(file-name-nondirectory (directory-file-name root)))]
        :capabilities ( :general (:positionEncodings ["utf-32"])
                        :workspace (:configuration t)
                        :experimental (:statusNotification t))))
    (jsonrpc-notify connection :initialized (make-hash-table))
    (puthash root connection sightline--connections)))

(defun sightline--connection ()
  "The connection of the current buffer's project; starts the server if none runs."
  (let* ((root (sightline--root))
         (known (gethash root sightline--connections)))
    (if (and known (jsonrpc-running-p known)) known (sightline--connect root))))

(defun sightline--synchronize (connection)
  "Let CONNECTION have the text of modified buffers, and no longer that of others."
  (let ((root (car (rassq connection (sightline--known)))))
    (dolist (entry (sightline--sent connection))
      (unless (and (buffer-live-p (car entry)) (buffer-modified-p (car entry)))
        (jsonrpc-notify connection :textDocument/didClose `(:textDocument (:uri ,(nth 1 entry))))))
    (setf (sightline--sent connection)
          (cl-loop
           for buffer in (buffer-list)
           for path = (buffer-file-name buffer)
           when (and path (buffer-modified-p buffer) (file-in-directory-p path root))
           collect (sightline--send connection buffer path)))))

(defun sightline--known ()
  "An alist of the connections by root."
  (cl-loop for root being the hash-keys of sightline--connections using (hash-values connection)
           collect (cons root connection)))

(defun sightline--send (connection buffer path)
  "Let CONNECTION have the text of BUFFER, which visits PATH, unless it has.
The entry to remember is returned."
  (let* ((entry (assq buffer (sightline--sent connection)))
         (uri (sightline--uri (expand-file-name path)))
         (tick (buffer-chars-modified-tick buffer))
         (text (with-current-buffer buffer
                 (save-restriction (widen) (buffer-substring-no-properties (point-min) (point-max))))))
    (cond
     ((null entry)
      (jsonrpc-notify connection :textDocument/didOpen
                      `(:textDocument (:uri ,uri :languageId "" :version ,tick :text ,text))))
     ((/= tick (nth 2 entry))
      (jsonrpc-notify connection :textDocument/didChange
                      `( :textDocument (:uri ,uri :version ,tick)
                         :contentChanges [(:text ,text)]))))
    (list buffer uri tick)))

(defun sightline--command (name argument)
  "Ask the current project's server for the command sightline.NAME with ARGUMENT."
  (let ((connection (sightline--connection)))
    (sightline--synchronize connection)
    (sightline--ask connection name argument)))

(defun sightline--ask (connection name argument)
  "Ask the server of CONNECTION for the command sightline.NAME with ARGUMENT."
  (sightline--request connection :workspace/executeCommand
                      `(:command ,(concat "sightline." name) :arguments [,argument])))

(defun sightline--name (result)
  "What RESULT is called."
  (let ((name (plist-get result :qualifiedName))
        (lines (split-string (plist-get result :preview) "\n" t "[ \t]+")))
    (if (string-empty-p name) (or (car lines) (plist-get result :path)) name)))

(defun sightline--place (result)
  "The path, line and column of RESULT; the line is 1-based."
  (let ((start (plist-get (plist-get result :selectionRange) :start)))
    (list (sightline--path (plist-get result :uri)) (1+ (plist-get start :line)) (plist-get start :character))))

(defun sightline--xref (result)
  "RESULT as a cross-reference."
  (xref-make (sightline--name result) (apply #'xref-make-file-location (sightline--place result))))

(defun sightline--candidates (answer)
  "The results of ANSWER as strings with their result as a property."
  (let* ((results (append (plist-get answer :results) nil))
         (width (min 40 (apply #'max 0 (mapcar (lambda (each) (string-width (sightline--name each))) results)))))
    (mapcar (lambda (result)
              (propertize
               (concat (string-pad (sightline--name result) width) "  "
                       (propertize (format "%s:%d" (plist-get result :path) (nth 1 (sightline--place result)))
                                   'face 'shadow))
               'sightline result))
            results)))

(defun sightline--result (candidate candidates)
  "The result of CANDIDATE, one of CANDIDATES."
  (when-let ((found (car (member candidate candidates))))
    (get-text-property 0 'sightline found)))

(defun sightline--note (answer)
  "Say what ANSWER lacks; that nothing was found is an error."
  (let ((note (plist-get answer :note)))
    (unless (string-empty-p note) (message "%s" note))
    (when (seq-empty-p (plist-get answer :results))
      (user-error (if (equal (plist-get (plist-get answer :index) :state) "complete")
                      "Nothing found: %s"
                    "Nothing found yet, the files are still being read: %s")
                  (plist-get answer :query)))))

(defun sightline--remember (candidates chosen root)
  "List CANDIDATES below ROOT for `next-error' to go on from CHOSEN."
  (with-current-buffer (get-buffer-create "*Sightline*")
    (let ((inhibit-read-only t) here)
      (erase-buffer)
      (dolist (candidate candidates)
        (let ((result (get-text-property 0 'sightline candidate)))
          (when (eq result chosen) (setq here (point)))
          (insert (format "%s:%d: %s\n" (plist-get result :path) (nth 1 (sightline--place result))
                          (sightline--name result)))))
      (setq default-directory root)
      (grep-mode)
      (goto-char (or here (point-min)))
      (when here (setq compilation-current-error (copy-marker here))))
    (setq next-error-last-buffer (current-buffer))))

(defun sightline--go (result)
  "Go to RESULT."
  (pcase-let ((`(,path ,line ,column) (sightline--place result)))
    (xref-push-marker-stack)
    (find-file path)
    (widen)
    (goto-char (point-min))
    (forward-line (1- line))
    (move-to-column 0)
    (forward-char (min column (- (line-end-position) (point))))
    (run-hooks 'xref-after-jump-hook)))

(defun sightline--interface ()
  "The interface in use."
  (cond
   ((not (eq sightline-interface 'auto)) sightline-interface)
   ((require 'consult nil t) 'consult)
   ((seq-some (lambda (mode) (and (boundp mode) (symbol-value mode)))
              '(vertico-mode icomplete-mode fido-mode ivy-mode helm-mode))
    'completing-read)
   (t 'xref)))

(defun sightline--show (answer)
  "Show the results of ANSWER; one alone is gone to."
  (sightline--note answer)
  (if (eq (sightline--interface) 'xref)
      (let ((found (mapcar #'sightline--xref (plist-get answer :results))))
        (xref-show-xrefs (lambda () found) nil))
    (let* ((root (sightline--root))
           (candidates (sightline--candidates answer))
           (table (lambda (string predicate action)
                    (if (eq action 'metadata)
                        '(metadata (category . sightline) (display-sort-function . identity)
                                   (cycle-sort-function . identity))
                      (complete-with-action action candidates string predicate))))
           (chosen (sightline--result (completing-read "Go to: " table nil t) candidates)))
      (sightline--remember candidates chosen root)
      (sightline--go chosen))))

(declare-function consult--read "ext:consult")
(declare-function consult--dynamic-collection "ext:consult")
(declare-function consult--jump-state "ext:consult")
(declare-function consult--marker-from-line-column "ext:consult")
(declare-function consult--temporary-files "ext:consult")

(defun sightline--find-while-typing ()
  "Ask while one types, with Consult; go to what is chosen."
  (require 'consult)
  (let* ((connection (sightline--connection)) (root (sightline--root))
         (open (consult--temporary-files)) (jump (consult--jump-state))
         (candidates nil) chosen)
    (sightline--synchronize connection)
    (setq chosen
          (consult--read
           (consult--dynamic-collection
            (lambda (query)
              (setq candidates
                    (sightline--candidates
                     (sightline--ask connection "search" `(:query ,query :limit ,sightline-limit))))))
           :prompt "Find code: " :category 'sightline :sort nil :require-match t
           :history 'sightline-history
           :lookup (lambda (selected all &rest _) (sightline--result selected all))
           :state (lambda (action result)
                    (unless result (funcall open))
                    (funcall jump action
                             (when result
                               (pcase-let ((`(,path ,line ,column) (sightline--place result)))
                                 (consult--marker-from-line-column
                                  (funcall (if (eq action 'return) #'find-file-noselect open) path)
                                  line column)))))))
    (sightline--remember candidates chosen root)))

(defvar sightline-history nil
  "Questions that were asked.")

;;;###autoload
(defun sightline-find (query)
  "Find code in this project by QUERY, a question in words or a name."
  (interactive (list (unless (eq (sightline--interface) 'consult)
                       (read-string "Find code: " nil 'sightline-history))))
  (if query
      (sightline--show (sightline--command "search" `(:query ,query :limit ,sightline-limit)))
    (sightline--find-while-typing)))

;;;###autoload
(defun sightline-find-similar (start end)
  "Find what resembles the lines from START to END, or the function at point."
  (interactive (if (use-region-p) (list (region-beginning) (region-end)) (list (point) (point))))
  (unless buffer-file-name
    (user-error "This buffer visits no file"))
  (let ((place (lambda (position)
                 (save-restriction
                   (widen)
                   (save-excursion
                     (goto-char position)
                     `(:line ,(1- (line-number-at-pos)) :character ,(- (point) (line-beginning-position))))))))
    (sightline--show
     (sightline--command
      "similar"
      `( :textDocument (:uri ,(sightline--uri (expand-file-name buffer-file-name)))
         ,@(if (= start end)
               `(:position ,(funcall place start))
             `(:range (:start ,(funcall place start) :end ,(funcall place end))))
         :limit ,sightline-limit)))))

;;;###autoload
(defun sightline-status ()
  "Say how much of this project is indexed."
  (interactive)
  (let ((folders (plist-get (sightline--command "status" (make-hash-table)) :folders)))
    (message "%s" (mapconcat
                   (lambda (status)
                     (format "%s: %s; %d chunks of %d files, %d with their vector %s"
                             (abbreviate-file-name (plist-get status :root)) (plist-get status :state)
                             (plist-get status :chunks) (plist-get status :files) (plist-get status :embedded)
                             (plist-get status :problem)))
                   folders "\n"))))

;;;###autoload
(defun sightline-pause ()
  "Stop indexing this project; searches go on."
  (interactive)
  (sightline--command "pause" (make-hash-table))
  (message "Sightline pauses; M-x sightline-resume goes on"))

;;;###autoload
(defun sightline-resume ()
  "Go on indexing this project."
  (interactive)
  (sightline--command "resume" (make-hash-table))
  (message "Sightline goes on indexing"))

(provide 'sightline)

;;; sightline.el ends here

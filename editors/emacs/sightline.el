;;; sightline.el --- Find code by what it does  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, convenience

;;; Commentary:

;; M-x sightline-find asks a question about the project of the current buffer, M-x sightline-find-similar looks for
;; what resembles the region or the function at point, M-x sightline-status says how much is indexed.  Results come
;; up as cross-references do: RET goes to one, and next-error and previous-error step through them.
;;
;; Eglot manages one server for a buffer, which should be the one of its language, so this keeps a connection of
;; its own for each project.  What is in modified buffers is sent along when a question is asked.

;;; Code:

(require 'cl-lib)
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
The server's documentation, docs/protocol.md, lists them."
  :type 'plist)

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
             :documentation "An alist of the last status of each folder by its URI."))
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

(defun sightline--request (connection method params)
  "Ask for METHOD with PARAMS; quitting withdraws the question."
  (jsonrpc-request connection method params :timeout sightline-timeout :cancel-on-input nil))

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

(defun sightline--connect (root)
  "Start a server for the project at ROOT."
  (unless (executable-find (car sightline-command))
    (user-error "Sightline's server `%s' is not installed or not in exec-path" (car sightline-command)))
  (let* ((name (format "Sightline %s" (file-name-nondirectory (directory-file-name root))))
         (connection
          (make-instance
           'sightline-connection
           :name name
           :notification-dispatcher #'sightline--hear
           :request-dispatcher #'sightline--answer
           :process (lambda ()
                      (make-process :name name :command sightline-command :connection-type 'pipe
                                    :coding 'utf-8-emacs-unix :noquery t
                                    :stderr (get-buffer-create (format " *%s stderr*" name)))))))
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
    (sightline--request connection :workspace/executeCommand
                        `(:command ,(concat "sightline." name) :arguments [,argument]))))

(defun sightline--xref (result)
  "RESULT as a cross-reference."
  (let* ((start (plist-get (plist-get result :selectionRange) :start))
         (name (plist-get result :qualifiedName))
         (lines (split-string (plist-get result :preview) "\n" t "[ \t]+")))
    (xref-make (if (string-empty-p name) (or (car lines) (plist-get result :path)) name)
               (xref-make-file-location (sightline--path (plist-get result :uri))
                                        (1+ (plist-get start :line))
                                        (plist-get start :character)))))

(defun sightline--show (answer)
  "Show the results of ANSWER; one alone is gone to."
  (let ((found (mapcar #'sightline--xref (plist-get answer :results)))
        (note (plist-get answer :note)))
    (unless (string-empty-p note) (message "%s" note))
    (if found
        (xref-show-xrefs (lambda () found) nil)
      (user-error "Nothing found: %s" (plist-get answer :query)))))

;;;###autoload
(defun sightline-find (query)
  "Find code in this project by QUERY, a question in words or a name."
  (interactive (list (read-string "Find code: ")))
  (sightline--show (sightline--command "search" `(:query ,query :limit ,sightline-limit))))

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

(provide 'sightline)

;;; sightline.el ends here

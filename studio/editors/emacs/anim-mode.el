;;; anim-mode.el --- Films as text: a mode for anim  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages, multimedia
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Colours, indents and checks the films of anim (`.anim`), and starts its language server with Eglot, which
;; Emacs has from 29 on (from GNU ELPA before).
;;
;;   (add-to-list 'load-path "…/studio/editors/emacs")
;;   (require 'anim-mode)
;;   (add-hook 'anim-mode-hook #'eglot-ensure)
;;
;; C-c C-p previews the film, C-c C-r renders it, C-c C-c checks it, C-c C-e explains the name at point.

;;; Code:

(require 'anim-words)
(require 'compile)

(defgroup anim nil
  "Films as text."
  :group 'languages)

(defcustom anim-command "anim"
  "The `anim' that is run: a name on PATH, or a file."
  :type 'string
  :risky t)

(defcustom anim-indent-offset 2
  "How many columns the inside of a bracket stands to the right."
  :type 'integer
  :safe #'integerp)

(defvar anim-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?' "." table)
    (dolist (sign '(?+ ?- ?* ?/ ?% ?= ?< ?> ?: ?\; ?,))
      (modify-syntax-entry sign "." table))
    table)
  "The syntax of films.")

(defun anim--any (words)
  "A regular expression for one of WORDS, as group 1."
  (concat "\\_<" (regexp-opt words t) "\\_>"))

(defun anim--in-text (pattern)
  "A matcher for what PATTERN finds between quotes."
  (lambda (limit)
    (let (found)
      (while (and (not found) (re-search-forward pattern limit t))
        (setq found (save-match-data
                      (save-excursion (nth 3 (syntax-ppss (match-beginning 1)))))))
      found)))

(defconst anim--begin "\\(?:^\\|[;{}]\\)[ \t]*"
  "Where a statement begins.")

(defconst anim--number "\\(?:[0-9]+\\(?:\\.[0-9]*\\)?\\|\\.[0-9]+\\)\\(?:[eE][-+]?[0-9]+\\)?"
  "A number without its unit.")

(defconst anim-font-lock-keywords
  (let ((given "[ \t]*\\(?:[+*]?=\\(?:[^=]\\|$\\)\\|{\\)"))
    `((,(concat anim--begin "\\_<\\(let\\|def\\)\\_>[ \t]+\\(\\(?:\\sw\\|\\s_\\)+\\)")
       (1 font-lock-keyword-face) (2 font-lock-variable-name-face))
      ;; a statement's word, and behind it the name that it gives
      (,(concat anim--begin (anim--any anim-words-statements)
                "[ \t]+\\([A-Za-z_]\\(?:\\sw\\|\\s_\\)*\\)")
       (1 font-lock-keyword-face) (2 font-lock-type-face))
      (,(concat anim--begin (anim--any anim-words-statements) "[ \t]*\\(?:$\\|[A-Za-z0-9\"{#]\\)")
       (1 font-lock-keyword-face))
      (,(concat anim--begin (anim--any (append anim-words-settings anim-words-aliases)) given)
       (1 font-lock-variable-name-face))
      (,(concat anim--begin "\\([A-Za-z_][A-Za-z0-9_.]*\\)" given)
       (1 font-lock-variable-name-face))
      (,(concat (anim--any (append anim-words-functions anim-words-operations)) "[ \t]*(")
       (1 font-lock-builtin-face))
      (,(concat "\\_<with[ \t]+" (anim--any anim-words-easings)) (1 font-lock-constant-face))
      (,(concat "[0-9A-Za-z_)%\"][ \t]+" (anim--any anim-words-easings) "[ \t]*\\(?:$\\|[,;#}(]\\|with\\)")
       (1 font-lock-constant-face))
      (,(concat "\\_<per[ \t]+" (anim--any anim-words-units)) (1 font-lock-type-face))
      (,(concat "[=:][ \t]*" (anim--any anim-words-choices) "[ \t]*\\(?:$\\|[;#}]\\)")
       (1 font-lock-constant-face))
      (,(anim--any (append anim-words-joining '("between"))) (1 font-lock-keyword-face))
      (,(anim--any (append anim-words-switches anim-words-constants '("none"))) (1 font-lock-constant-face))
      (,(anim--any (append anim-words-features anim-words-clocks)) (1 font-lock-builtin-face))
      (,(concat "\\_<\\(" anim--number "\\)" (regexp-opt anim-words-units t))
       (2 font-lock-type-face))
      ;; weights of prompts and inserts, over the colour of their text
      (,(anim--in-text ":[ \t]*\\([-+]?[0-9.]+\\)[ \t]*)") (1 font-lock-constant-face t))
      (,(anim--in-text "\\({[^}\"\n]*}\\)") (1 font-lock-preprocessor-face t))))
  "What is coloured in films, beyond texts and comments.")

(defun anim--fence (position)
  "Make the character at POSITION one end of a text."
  (put-text-property position (1+ position) 'syntax-table (string-to-syntax "|")))

(defun anim--text-end (pattern end)
  "Move behind the first match of PATTERN before END that is no escape.
Return where it begins, or move to END and return nil."
  (let (found)
    (while (and (not found) (re-search-forward pattern end 'move))
      (unless (eq (char-after (match-beginning 0)) ?\\)
        (setq found (match-beginning 0))))
    found))

(defun anim--long-text-end (end)
  "Mark the last of the quotes that end the long text at point, up to END."
  (when (anim--text-end "\\\\\\(?:.\\|\n\\)\\|\"\"\"" end)
    (anim--fence (1- (point)))))

(defun anim--short-text-end (quotes end)
  "Move behind the text that begins with one quote at QUOTES.
It ends with its line if no quote ends it before END."
  (let ((close (anim--text-end "\\\\.\\|[\"\n]" end)))
    (unless (and close (eq (char-after close) ?\"))
      (anim--fence quotes)
      (when close
        (anim--fence close)
        (when (eq (char-before close) ?\\) ; it would take the line's end along
          (put-text-property (1- close) close 'syntax-table (string-to-syntax ".")))))))

(defun anim--quotes (start end)
  "Make texts between START and END end where they end for `anim'."
  (goto-char start)
  (when (nth 3 (syntax-ppss))
    (anim--long-text-end end))
  (while (re-search-forward "#.*\\|\"\"\"\\|\"" end t)
    (let ((begin (match-beginning 0)))
      (cond ((eq (char-after begin) ?#))
            ((= (- (point) begin) 3)
             (anim--fence begin)
             (anim--long-text-end end))
            (t (anim--short-text-end begin end))))))

(defun anim--goes-on-p (opened)
  "Whether the line at point goes on with a statement that began above it.
OPENED is the innermost bracket; round and square ones indent by themselves."
  (unless (and opened (/= (char-after opened) ?{))
    (save-excursion
      (back-to-indentation)
      (or (looking-at "[-+*/]")
          (progn (forward-comment (- (point)))
                 (memq (char-before) '(?= ?, ?+ ?- ?* ?/)))))))

(defun anim-indent-line ()
  "Indent the line by the brackets that are open before it."
  (interactive)
  (let* ((state (save-excursion (syntax-ppss (line-beginning-position))))
         (closes (save-excursion (back-to-indentation) (looking-at "\\s)")))
         (goes-on (and (not closes) (anim--goes-on-p (nth 1 state))))
         (depth (+ (car state) (if closes -1 0) (if goes-on 1 0)))
         (column (* anim-indent-offset (max 0 depth))))
    (unless (nth 3 state)               ; the lines of a long text stay
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

(defun anim--program ()
  "The `anim' that is run, as programs other than Emacs know it."
  (if (string-prefix-p "~" anim-command) (expand-file-name anim-command) anim-command))

(defun anim--run (action &rest arguments)
  "Run `anim' ACTION on the film of this buffer with ARGUMENTS."
  (save-buffer)
  (compile (mapconcat #'shell-quote-argument
                      `(,(anim--program) ,action ,(expand-file-name buffer-file-name) ,@arguments)
                      " ")))

(defun anim-preview ()
  "Write a short rough video of the film."
  (interactive)
  (anim--run "preview"))

(defun anim-render ()
  "Render the film."
  (interactive)
  (anim--run "render"))

(defun anim-check ()
  "Check the film."
  (interactive)
  (anim--run "check" "--format" "concise"))

(defun anim-explain (name)
  "Explain NAME: a code, a setting, a function."
  (interactive (list (read-string "Explain: " (thing-at-point 'symbol t))))
  (with-help-window "*anim explain*"
    (with-current-buffer standard-output
      (call-process (anim--program) nil t nil "--colour" "never" "explain" name))))

(defvar anim-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-p") #'anim-preview)
    (define-key map (kbd "C-c C-r") #'anim-render)
    (define-key map (kbd "C-c C-c") #'anim-check)
    (define-key map (kbd "C-c C-e") #'anim-explain)
    map)
  "The keys of films.")

;;;###autoload
(define-derived-mode anim-mode prog-mode "anim"
  "The mode of films."
  :group 'anim
  (setq-local comment-start "# "
              comment-start-skip "#+[ \t]*"
              indent-tabs-mode nil
              tab-width anim-indent-offset
              indent-line-function #'anim-indent-line
              syntax-propertize-function #'anim--quotes
              electric-indent-chars (append "}])" electric-indent-chars)
              imenu-generic-expression
              '(("Scenes" "^scene[ \t]+\\(\\w+\\)" 1)
                ("Lets" "^let[ \t]+\\(\\(?:\\sw\\|\\s_\\)+\\)" 1)
                ("Blocks" "^\\([a-z]+\\(?:[ \t]+[a-z0-9_]+\\)?\\)[ \t]*{" 1))
              font-lock-defaults '(anim-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.anim\\'" . anim-mode))

(add-to-list 'compilation-error-regexp-alist-alist
             '(anim "^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\)\\[[EW][0-9]+\\]"
                    1 2 3 (4)))
(add-to-list 'compilation-error-regexp-alist 'anim)

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `(anim-mode . ,(lambda (&rest _) (list (anim--program) "lsp")))))

(provide 'anim-mode)
;;; anim-mode.el ends here

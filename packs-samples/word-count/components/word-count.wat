;; word-count: a WASI command (preview 1), written by hand.
;;
;; A handler of kind `command` is an ordinary command-line program. It reads the tool's input as JSON from stdin, writes the
;; output as JSON to stdout and returns. When it cannot, it says why on stderr and exits with 1. Any language that
;; compiles to WASI will do; this one is WebAssembly text so that the sample needs no compiler.
;;
;;   {"text": "two words"}   →   {"words":2,"lines":1,"characters":9}
;;
;; What is counted:
;;   words       runs of characters between white space, as Unicode defines white space
;;   lines       line feeds, and one more when the text does not end with one; an empty text has none
;;   characters  Unicode code points: an emoji is one, whether it came as UTF-8 or as two \u escapes
;;
;; Memory, in bytes:
;;      0 –   15  arguments for WASI calls: pointer, length, and how much was done
;;     16 –  511  constant texts
;;    512 – 1023  output, put together before it is written
;;   4096 –       the input, as long as it is; memory grows for it
;;
;; The JSON reader goes through the input once, from $at to $end, and keeps nothing of it. The text itself is never copied:
;; its characters are decoded one at a time and counted as they come.

(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 2)

  (data (i32.const 16) "text")
  (data (i32.const 32) "{\22words\22:")
  (data (i32.const 48) ",\22lines\22:")
  (data (i32.const 64) ",\22characters\22:")
  (data (i32.const 80) "}\0a")
  (data (i32.const 96) "word-count: ")
  (data (i32.const 112) " at byte ")
  ;; Error messages: each is named by its address and length where it is used.
  (data (i32.const 128) "the input is not valid JSON")       ;; 27
  (data (i32.const 160) "the input must be a JSON object")   ;; 31
  (data (i32.const 192) "the input is not valid UTF-8")      ;; 28
  (data (i32.const 224) "a string has a broken escape")      ;; 28
  (data (i32.const 256) "`text` must be a string")           ;; 23
  (data (i32.const 288) "the input has no `text`")           ;; 23
  (data (i32.const 320) "the input is nested too deeply")    ;; 30
  (data (i32.const 352) "the input cannot be read")          ;; 24
  (data (i32.const 384) "the input does not fit in memory")  ;; 32
  (data (i32.const 416) "truefalsenull")

  (global $at (mut i32) (i32.const 4096))    ;; the next byte of the input
  (global $end (mut i32) (i32.const 4096))   ;; just behind its last byte
  (global $out (mut i32) (i32.const 512))    ;; just behind the output so far

  (global $found (mut i32) (i32.const 0))    ;; 1 once `text` was counted
  (global $words (mut i32) (i32.const 0))
  (global $lines (mut i32) (i32.const 0))
  (global $characters (mut i32) (i32.const 0))

  ;; ---------------------------------------------------------------- the program

  (func (export "_start")
    (call $read_all)
    (call $white_space)
    (if (i32.ne (call $peek) (i32.const 0x7b))                  ;; {
      (then (call $fail (i32.const 160) (i32.const 31))))
    (call $object (i32.const 0))
    (call $white_space)
    (if (i32.ne (global.get $at) (global.get $end))             ;; something behind the object
      (then (call $fail (i32.const 128) (i32.const 27))))
    (if (i32.eqz (global.get $found))
      (then (call $fail (i32.const 288) (i32.const 23))))

    (call $put (i32.const 32) (i32.const 9))
    (call $put_number (global.get $words))
    (call $put (i32.const 48) (i32.const 9))
    (call $put_number (global.get $lines))
    (call $put (i32.const 64) (i32.const 14))
    (call $put_number (global.get $characters))
    (call $put (i32.const 80) (i32.const 2))
    (call $write (i32.const 1)))

  ;; Ends the program with a message: "word-count: <message> at byte <n>".
  (func $fail (param $message i32) (param $length i32)
    (global.set $out (i32.const 512))                           ;; forget output that was not written
    (call $put (i32.const 96) (i32.const 12))
    (call $put (local.get $message) (local.get $length))
    (call $put (i32.const 112) (i32.const 9))
    (call $put_number (i32.sub (global.get $at) (i32.const 4096)))
    (call $put (i32.const 81) (i32.const 1))                    ;; line feed
    (call $write (i32.const 2))
    (call $proc_exit (i32.const 1))
    unreachable)                                                ;; proc_exit does not return

  ;; ---------------------------------------------------------------- counting

  ;; Counts a string whose opening quote was read. Where an object names `text` twice, the last one counts, as in
  ;; most JSON readers; so counting starts from nothing.
  (func $count
    (local $character i32) (local $in_word i32) (local $in_line i32)
    (global.set $words (i32.const 0))
    (global.set $lines (i32.const 0))
    (global.set $characters (i32.const 0))
    (block $done
      (loop $next
        (local.set $character (call $character))
        (br_if $done (i32.lt_s (local.get $character) (i32.const 0)))
        (global.set $characters (i32.add (global.get $characters) (i32.const 1)))
        (if (call $is_white_space (local.get $character))
          (then (local.set $in_word (i32.const 0)))
          (else
            (if (i32.eqz (local.get $in_word))
              (then (global.set $words (i32.add (global.get $words) (i32.const 1)))))
            (local.set $in_word (i32.const 1))))
        (local.set $in_line (i32.ne (local.get $character) (i32.const 0x0a)))
        (if (i32.eqz (local.get $in_line))
          (then (global.set $lines (i32.add (global.get $lines) (i32.const 1)))))
        (br $next)))
    (global.set $lines (i32.add (global.get $lines) (local.get $in_line)))  ;; a last line without a line feed
    (global.set $found (i32.const 1)))

  ;; Whether Unicode gives a code point the property White_Space.
  (func $is_white_space (param $c i32) (result i32)
    (if (i32.lt_u (local.get $c) (i32.const 0x80))              ;; nearly always
      (then (return (i32.or
        (i32.eq (local.get $c) (i32.const 0x20))
        (i32.lt_u (i32.sub (local.get $c) (i32.const 0x09)) (i32.const 5))))))   ;; tab … carriage return
    (if (i32.lt_u (i32.sub (local.get $c) (i32.const 0x2000)) (i32.const 11))    ;; the typographic spaces
      (then (return (i32.const 1))))
    (i32.or
      (i32.or
        (i32.or (i32.eq (local.get $c) (i32.const 0x85)) (i32.eq (local.get $c) (i32.const 0xa0)))
        (i32.or (i32.eq (local.get $c) (i32.const 0x1680)) (i32.eq (local.get $c) (i32.const 0x3000))))
      (i32.or
        (i32.or (i32.eq (local.get $c) (i32.const 0x2028)) (i32.eq (local.get $c) (i32.const 0x2029)))
        (i32.or (i32.eq (local.get $c) (i32.const 0x202f)) (i32.eq (local.get $c) (i32.const 0x205f))))))

  ;; ---------------------------------------------------------------- JSON values

  ;; Reads an object, from its opening brace. $depth is 0 for the input itself, and only there does `text` mean anything.
  (func $object (param $depth i32)
    (local $is_text i32)
    (call $enter (local.get $depth))
    (if (call $closes (i32.const 0x7d)) (then (return)))        ;; {}
    (loop $member
      (call $white_space)
      (call $expect (i32.const 0x22))
      (local.set $is_text (i32.and (call $key_is_text) (i32.eqz (local.get $depth))))
      (call $white_space)
      (call $expect (i32.const 0x3a))                           ;; :
      (call $white_space)
      (if (local.get $is_text)
        (then
          (if (i32.ne (call $peek) (i32.const 0x22))
            (then (call $fail (i32.const 256) (i32.const 23))))
          (call $expect (i32.const 0x22))
          (call $count))
        (else (call $value (i32.add (local.get $depth) (i32.const 1)))))
      (br_if $member (call $another (i32.const 0x7d)))))

  ;; Reads an array, from its opening bracket.
  (func $array (param $depth i32)
    (call $enter (local.get $depth))
    (if (call $closes (i32.const 0x5d)) (then (return)))        ;; []
    (loop $element
      (call $white_space)
      (call $value (i32.add (local.get $depth) (i32.const 1)))
      (br_if $element (call $another (i32.const 0x5d)))))

  ;; Reads any value and forgets it.
  (func $value (param $depth i32)
    (local $byte i32)
    (local.set $byte (call $peek))
    (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (call $skip_string) (return)))
    (if (i32.eq (local.get $byte) (i32.const 0x7b)) (then (call $object (local.get $depth)) (return)))
    (if (i32.eq (local.get $byte) (i32.const 0x5b)) (then (call $array (local.get $depth)) (return)))
    (if (i32.eq (local.get $byte) (i32.const 0x74)) (then (call $literal (i32.const 416) (i32.const 4)) (return)))  ;; true
    (if (i32.eq (local.get $byte) (i32.const 0x66)) (then (call $literal (i32.const 420) (i32.const 5)) (return)))  ;; false
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) (then (call $literal (i32.const 425) (i32.const 4)) (return)))  ;; null
    (call $number))

  ;; Steps over an opening brace or bracket. Each level takes room on the stack, hence a limit, the same as serde_json's.
  (func $enter (param $depth i32)
    (if (i32.ge_u (local.get $depth) (i32.const 128))
      (then (call $fail (i32.const 320) (i32.const 30))))
    (drop (call $next))
    (call $white_space))

  ;; Steps over $mark if it comes next, and says whether it did.
  (func $closes (param $mark i32) (result i32)
    (if (i32.ne (call $peek) (local.get $mark)) (then (return (i32.const 0))))
    (drop (call $next))
    (i32.const 1))

  ;; Behind a member or an element: 1 when a comma announces another, 0 when $mark ends the list.
  (func $another (param $mark i32) (result i32)
    (call $white_space)
    (if (call $closes (local.get $mark)) (then (return (i32.const 0))))
    (call $expect (i32.const 0x2c))
    (i32.const 1))

  (func $literal (param $letters i32) (param $length i32)
    (loop $letter
      (call $expect (i32.load8_u (local.get $letters)))
      (local.set $letters (i32.add (local.get $letters) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br_if $letter (local.get $length))))

  ;; -? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)?
  (func $number
    (local $byte i32)
    (drop (call $closes (i32.const 0x2d)))
    (if (i32.eqz (call $closes (i32.const 0x30))) (then (call $digits)))
    (if (call $closes (i32.const 0x2e)) (then (call $digits)))
    (local.set $byte (i32.or (call $peek) (i32.const 0x20)))    ;; to lower case
    (if (i32.eq (local.get $byte) (i32.const 0x65))
      (then
        (drop (call $next))
        (if (i32.eqz (call $closes (i32.const 0x2b))) (then (drop (call $closes (i32.const 0x2d)))))
        (call $digits))))

  ;; One digit at least.
  (func $digits
    (if (i32.eqz (call $peek_is_digit)) (then (call $fail (i32.const 128) (i32.const 27))))
    (loop $digit
      (drop (call $next))
      (br_if $digit (call $peek_is_digit))))

  (func $peek_is_digit (result i32)
    (i32.lt_u (i32.sub (call $peek) (i32.const 0x30)) (i32.const 10)))

  ;; ---------------------------------------------------------------- JSON strings

  ;; Reads a key, its opening quote being read, and says whether it is `text`. It compares decoded characters, so that
  ;; "\u0074ext" is `text` too.
  (func $key_is_text (result i32)
    (local $character i32) (local $index i32) (local $same i32)
    (local.set $same (i32.const 1))
    (block $done
      (loop $next
        (local.set $character (call $character))
        (br_if $done (i32.lt_s (local.get $character) (i32.const 0)))
        ;; Behind the four letters lie zeros, and a key may hold U+0000: the length is compared below.
        (if (i32.ne (local.get $character) (i32.load8_u (i32.add (i32.const 16) (i32.and (local.get $index) (i32.const 7)))))
          (then (local.set $same (i32.const 0))))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))
    (i32.and (local.get $same) (i32.eq (local.get $index) (i32.const 4))))

  (func $skip_string
    (drop (call $next))                                         ;; the opening quote
    (loop $next
      (br_if $next (i32.ge_s (call $character) (i32.const 0)))))

  ;; The next character of a string, decoded; -1 for its closing quote.
  (func $character (result i32)
    (local $byte i32)
    (local.set $byte (call $next))
    (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (i32.const -1))))
    (if (i32.eq (local.get $byte) (i32.const 0x5c)) (then (return (call $escape))))
    ;; Control characters must be escaped; and -1, the end of the input, is below them all.
    (if (i32.lt_s (local.get $byte) (i32.const 0x20)) (then (call $fail (i32.const 128) (i32.const 27))))
    (if (i32.lt_u (local.get $byte) (i32.const 0x80)) (then (return (local.get $byte))))
    (call $utf8 (local.get $byte)))

  ;; What follows a backslash.
  (func $escape (result i32)
    (local $byte i32) (local $unit i32) (local $low i32)
    (local.set $byte (call $next))
    (if (i32.eq (local.get $byte) (i32.const 0x75))             ;; u
      (then
        (local.set $unit (call $hex4))
        ;; U+D800 … U+DBFF is the first half of a pair: the second must follow, and the two are one character.
        (if (i32.eq (i32.and (local.get $unit) (i32.const 0xfc00)) (i32.const 0xd800))
          (then
            (if (i32.ne (call $next) (i32.const 0x5c)) (then (call $fail (i32.const 224) (i32.const 28))))
            (if (i32.ne (call $next) (i32.const 0x75)) (then (call $fail (i32.const 224) (i32.const 28))))
            (local.set $low (call $hex4))
            (if (i32.ne (i32.and (local.get $low) (i32.const 0xfc00)) (i32.const 0xdc00))
              (then (call $fail (i32.const 224) (i32.const 28))))
            (return (i32.add (i32.const 0x10000) (i32.or
              (i32.shl (i32.and (local.get $unit) (i32.const 0x3ff)) (i32.const 10))
              (i32.and (local.get $low) (i32.const 0x3ff)))))))
        ;; A second half alone is no character.
        (if (i32.eq (i32.and (local.get $unit) (i32.const 0xfc00)) (i32.const 0xdc00))
          (then (call $fail (i32.const 224) (i32.const 28))))
        (return (local.get $unit))))
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) (then (return (i32.const 0x0a))))   ;; n
    (if (i32.eq (local.get $byte) (i32.const 0x74)) (then (return (i32.const 0x09))))   ;; t
    (if (i32.eq (local.get $byte) (i32.const 0x72)) (then (return (i32.const 0x0d))))   ;; r
    (if (i32.eq (local.get $byte) (i32.const 0x62)) (then (return (i32.const 0x08))))   ;; b
    (if (i32.eq (local.get $byte) (i32.const 0x66)) (then (return (i32.const 0x0c))))   ;; f
    ;; " \ / stand for themselves.
    (if (i32.or
          (i32.or (i32.eq (local.get $byte) (i32.const 0x22)) (i32.eq (local.get $byte) (i32.const 0x5c)))
          (i32.eq (local.get $byte) (i32.const 0x2f)))
      (then (return (local.get $byte))))
    (call $fail (i32.const 224) (i32.const 28))
    unreachable)

  ;; Four hexadecimal digits as a number.
  (func $hex4 (result i32)
    (local $byte i32) (local $digit i32) (local $number i32) (local $left i32)
    (local.set $left (i32.const 4))
    (loop $more
      (local.set $byte (call $next))
      (local.set $digit (i32.sub (local.get $byte) (i32.const 0x30)))
      (if (i32.ge_u (local.get $digit) (i32.const 10))          ;; not 0–9: a–f, in either case?
        (then
          (local.set $digit (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)))
          (if (i32.ge_u (local.get $digit) (i32.const 6)) (then (call $fail (i32.const 224) (i32.const 28))))
          (local.set $digit (i32.add (local.get $digit) (i32.const 10)))))
      (local.set $number (i32.or (i32.shl (local.get $number) (i32.const 4)) (local.get $digit)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $more (local.get $left)))
    (local.get $number))

  ;; Decodes a character of two to four bytes, whose first is $lead.
  (func $utf8 (param $lead i32) (result i32)
    (local $more i32) (local $code i32) (local $least i32) (local $byte i32)
    (if (i32.lt_u (local.get $lead) (i32.const 0xe0))
      (then (local.set $more (i32.const 1)) (local.set $least (i32.const 0x80))
            (local.set $code (i32.and (local.get $lead) (i32.const 0x1f))))
      (else (if (i32.lt_u (local.get $lead) (i32.const 0xf0))
        (then (local.set $more (i32.const 2)) (local.set $least (i32.const 0x800))
              (local.set $code (i32.and (local.get $lead) (i32.const 0x0f))))
        (else (local.set $more (i32.const 3)) (local.set $least (i32.const 0x10000))
              (local.set $code (i32.and (local.get $lead) (i32.const 0x07)))))))
    ;; 0x80 … 0xbf never come first, and 0xf8 … 0xff never come at all.
    (if (i32.or (i32.lt_u (local.get $lead) (i32.const 0xc0)) (i32.ge_u (local.get $lead) (i32.const 0xf8)))
      (then (call $fail (i32.const 192) (i32.const 28))))
    (loop $next
      (local.set $byte (call $next))
      (if (i32.ne (i32.and (local.get $byte) (i32.const 0xc0)) (i32.const 0x80))
        (then (call $fail (i32.const 192) (i32.const 28))))
      (local.set $code (i32.or (i32.shl (local.get $code) (i32.const 6)) (i32.and (local.get $byte) (i32.const 0x3f))))
      (local.set $more (i32.sub (local.get $more) (i32.const 1)))
      (br_if $next (local.get $more)))
    ;; Longer than it need be, behind the last code point, or half of a pair: not UTF-8.
    (if (i32.or
          (i32.lt_u (local.get $code) (local.get $least))
          (i32.or
            (i32.gt_u (local.get $code) (i32.const 0x10ffff))
            (i32.eq (i32.and (local.get $code) (i32.const 0xfffff800)) (i32.const 0xd800))))
      (then (call $fail (i32.const 192) (i32.const 28))))
    (local.get $code))

  ;; ---------------------------------------------------------------- bytes of the input

  ;; The next byte without stepping over it; -1 at the end of the input.
  (func $peek (result i32)
    (if (i32.ge_u (global.get $at) (global.get $end)) (then (return (i32.const -1))))
    (i32.load8_u (global.get $at)))

  ;; The next byte, stepping over it; -1, and no step, at the end of the input.
  (func $next (result i32)
    (local $byte i32)
    (local.set $byte (call $peek))
    (if (i32.ge_s (local.get $byte) (i32.const 0))
      (then (global.set $at (i32.add (global.get $at) (i32.const 1)))))
    (local.get $byte))

  ;; Steps over $byte, which must come next.
  (func $expect (param $byte i32)
    (if (i32.ne (call $peek) (local.get $byte)) (then (call $fail (i32.const 128) (i32.const 27))))
    (drop (call $next)))

  ;; Steps over JSON's white space, which is only these four.
  (func $white_space
    (local $byte i32)
    (loop $more
      (local.set $byte (call $peek))
      (if (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x20)) (i32.eq (local.get $byte) (i32.const 0x0a)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x0d)) (i32.eq (local.get $byte) (i32.const 0x09))))
        (then (drop (call $next)) (br $more)))))

  ;; ---------------------------------------------------------------- WASI

  ;; Reads stdin to its end. One call may give less than asked for, and gives nothing only at the end.
  (func $read_all
    (local $room i32) (local $done i32)
    (loop $more
      (local.set $room (i32.sub (i32.shl (memory.size) (i32.const 16)) (global.get $end)))
      (if (i32.eqz (local.get $room))
        (then
          ;; Doubling keeps the number of calls small however long the input is.
          (if (i32.eq (memory.grow (memory.size)) (i32.const -1))
            (then
              (global.set $at (global.get $end))
              (call $fail (i32.const 384) (i32.const 32))))
          (br $more)))
      (i32.store (i32.const 0) (global.get $end))
      (i32.store (i32.const 4) (local.get $room))
      (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))
        (then (call $fail (i32.const 352) (i32.const 24))))
      (local.set $done (i32.load (i32.const 8)))
      (global.set $end (i32.add (global.get $end) (local.get $done)))
      (br_if $more (local.get $done))))

  ;; Writes the output to a file descriptor. One call may write less than asked for.
  (func $write (param $descriptor i32)
    (local $from i32)
    (local.set $from (i32.const 512))
    (loop $more
      (i32.store (i32.const 0) (local.get $from))
      (i32.store (i32.const 4) (i32.sub (global.get $out) (local.get $from)))
      ;; Nobody is left to tell when stdout or stderr is gone.
      (if (call $fd_write (local.get $descriptor) (i32.const 0) (i32.const 1) (i32.const 8))
        (then (call $proc_exit (i32.const 1)) unreachable))
      (local.set $from (i32.add (local.get $from) (i32.load (i32.const 8))))
      (br_if $more (i32.lt_u (local.get $from) (global.get $out)))))

  ;; Adds bytes to the output.
  (func $put (param $from i32) (param $length i32)
    (loop $more
      (i32.store8 (global.get $out) (i32.load8_u (local.get $from)))
      (global.set $out (i32.add (global.get $out) (i32.const 1)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br_if $more (local.get $length))))

  ;; Adds a number to the output in decimal: first what stands before its last digit, then that digit.
  (func $put_number (param $number i32)
    (if (i32.ge_u (local.get $number) (i32.const 10))
      (then (call $put_number (i32.div_u (local.get $number) (i32.const 10)))))
    (i32.store8 (global.get $out)
      (i32.add (i32.const 0x30) (i32.rem_u (local.get $number) (i32.const 10))))
    (global.set $out (i32.add (global.get $out) (i32.const 1)))))

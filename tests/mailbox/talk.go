package mailbox

import (
	"io"
	"net"
	"net/textproto"
	"strings"
)

// talk is one connection: the part of SMTP that delivers a mail.
func (b *Mailbox) talk(conn net.Conn) {
	text := textproto.NewConn(conn)
	say := func(line string) bool { return text.PrintfLine("%s", line) == nil }
	var from string
	var to []string
	if !say("220 mailbox ESMTP") {
		return
	}
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		verb, argument, _ := strings.Cut(line, " ")
		answer := "250 OK"
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO", "NOOP":
		case "MAIL":
			from, to = path(argument), nil
		case "RCPT":
			if answer = b.answerRecipient(path(argument)); strings.HasPrefix(answer, "2") {
				to = append(to, path(argument))
			}
		case "DATA":
			if !say("354 go on") {
				return
			}
			raw, err := io.ReadAll(text.DotReader())
			if err != nil {
				return
			}
			if answer = b.take(read(from, to, raw)); answer == "" {
				return
			}
		case "RSET":
			from, to = "", nil
		case "QUIT":
			say("221 bye")
			return
		default:
			answer = "502 not here"
		}
		if !say(answer) {
			return
		}
	}
}

// path returns the address of "FROM:<address> …".
func path(argument string) string {
	_, rest, _ := strings.Cut(argument, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}

func (b *Mailbox) answerRecipient(address string) string {
	b.mu.Lock()
	answer := b.onRecipient
	b.mu.Unlock()
	if answer == nil {
		return "250 OK"
	}
	return answer(address)
}

func (b *Mailbox) take(mail Mail) string {
	b.mu.Lock()
	answer := b.onMail
	b.mails = append(b.mails, mail)
	b.mu.Unlock()
	b.arrived <- mail
	if answer == nil {
		return "250 OK"
	}
	return answer(mail)
}

package mailbox

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Mail is a mail as it arrived.
type Mail struct {
	// From and To are the envelope's addresses.
	From string
	To   []string
	// Header is the mail's own; Subject is decoded.
	Header  mail.Header
	Subject string
	// Text and HTML are its parts, decoded.
	Text, HTML string
	// Raw is all of it.
	Raw []byte
	// Err says what of it cannot be read.
	Err error
}

// read takes a mail apart.
func read(from string, to []string, raw []byte) Mail {
	m := Mail{From: from, To: to, Raw: raw}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		m.Err = fmt.Errorf("read mail: %w", err)
		return m
	}
	m.Header = message.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		m.Err = fmt.Errorf("read subject: %w", err)
		return m
	}
	m.Err = m.readPart(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), message.Body)
	return m
}

// readPart reads a part, and the parts in it.
func (m *Mail) readPart(contentType, encoding string, body io.Reader) error {
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("read content type %q: %w", contentType, err)
	}
	if !strings.HasPrefix(mediaType, "multipart/") {
		return m.readText(mediaType, encoding, body)
	}
	parts := multipart.NewReader(body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read part: %w", err)
		}
		if err := m.readPart(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part); err != nil {
			return err
		}
	}
}

func (m *Mail) readText(mediaType, encoding string, body io.Reader) error {
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read %s: %w", mediaType, err)
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	switch mediaType {
	case "text/plain":
		m.Text = text
	case "text/html":
		m.HTML = text
	}
	return nil
}

package translation

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/refusal"
	"verso/hooks/translation/document"
)

const (
	// maxFieldBytes bounds the form's text fields together.
	maxFieldBytes = 8 << 20
	// stallTimeout is how long an upload may stand still, and stallBytes what it
	// must bring in that time. As long as it moves it may take any time.
	stallTimeout = 60 * time.Second
	stallBytes   = 4 << 10
	// answerTimeout is how long writing the answer may take.
	answerTimeout = 30 * time.Second
	// dropTimeout is how long the rest of a refused body is read.
	dropTimeout = 15 * time.Second
)

// received is an upload whose body has been read.
type received struct {
	format   document.Format
	name     string // of the stored file
	key      string // of the stored file, with its prefix
	filename string // for people
	digest   [sha256.Size]byte
	fields   map[string]string
}

var (
	errTooLarge  = errors.New("the file is larger than allowed")
	errFieldsBig = errors.New("the form fields are larger than allowed")
)

// receive reads the request's body: text fields into memory, the file straight
// into storage.
func (p *plugin) receive(e *core.RequestEvent, body *moving, jobID string) (*received, error) {
	if e.Request.ContentLength > p.config.MaxUploadBytes+maxFieldBytes {
		return nil, p.refuseBody(e, body, errTooLarge)
	}
	prefix, err := p.files.prefix(jobID)
	if err != nil {
		return nil, e.InternalServerError("", err)
	}
	e.Request.Body = body
	form, err := e.Request.MultipartReader()
	if err != nil {
		return nil, p.refuseBody(e, body, errNoForm)
	}

	got := &received{fields: map[string]string{}}
	fieldBytes := 0
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			if !body.closed(e.Request.Header.Get("Content-Type")) {
				return nil, p.refuseBody(e, body, errCutOff{io.ErrUnexpectedEOF})
			}
			break
		}
		if err != nil {
			return nil, p.refuseBody(e, body, errCutOff{err})
		}
		if part.FormName() != "file" {
			if err := got.readField(part, &fieldBytes); err != nil {
				return nil, p.refuseBody(e, body, err)
			}
			continue
		}
		if got.key != "" {
			return nil, p.refuseBody(e, body, errTwoFiles)
		}
		if err := p.storePart(e, part, prefix, got); err != nil {
			return nil, p.refuseBody(e, body, err)
		}
	}
	if got.key == "" {
		return nil, e.BadRequestError(`The form field "file" is missing: send the document in it.`, nil)
	}
	return got, nil
}

var (
	errNoForm        = errors.New("not a multipart form")
	errTwoFiles      = errors.New("more than one file")
	errUnknownFormat = errors.New("the format of the file is not known")
)

// errCutOff is a body that ended or broke before its end.
type errCutOff struct{ cause error }

func (e errCutOff) Error() string { return "read body: " + e.cause.Error() }
func (e errCutOff) Unwrap() error { return e.cause }

// dropBody reads what is left of a body and forgets it: a browser that is
// still sending would otherwise see a broken connection and not the answer. It
// takes no longer and no more than an honest client needs. Who waits to be told
// to go on has sent nothing yet, and is not told to.
func (p *plugin) dropBody(e *core.RequestEvent, body *moving) {
	if body.read == 0 && e.Request.Header.Get("Expect") != "" {
		return
	}
	body.hurry(dropTimeout)
	body.most += p.config.MaxUploadBytes
	_, _ = io.Copy(io.Discard, body) // best effort
	body.answer()
}

// refuseBody answers a body that cannot be used.
func (p *plugin) refuseBody(e *core.RequestEvent, body *moving, err error) error {
	var cut errCutOff
	if !errors.As(err, &cut) {
		p.dropBody(e, body)
	}
	switch {
	case errors.Is(err, errTooLarge):
		return refusal.New(http.StatusRequestEntityTooLarge, refusal.UploadTooLarge, fmt.Sprintf(
			"The file is larger than %d MB, which is the most this server accepts.", p.config.MaxUploadBytes>>20), nil)
	case errors.Is(err, errUnknownFormat):
		return refusal.New(http.StatusUnsupportedMediaType, refusal.UnknownFormat, fmt.Sprintf(
			"The format of this file is not known. Formats on offer: %s.", strings.Join(p.config.Formats.Names(), ", ")), nil)
	case errors.Is(err, errNoForm):
		return e.BadRequestError("Send the upload as multipart/form-data with the document in the field \"file\".", nil)
	case errors.Is(err, errTwoFiles):
		return e.BadRequestError("Send one document per upload: the field \"file\" stood in the form more than once.", nil)
	case errors.Is(err, errFieldsBig):
		return e.BadRequestError(fmt.Sprintf("The form fields are larger than %d MB together.", maxFieldBytes>>20), nil)
	case errors.Is(err, errTwiceField):
		return e.BadRequestError("A form field was sent more than once; send each one once.", err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return e.Error(http.StatusRequestTimeout, "The upload stood still for too long. Try again.", err)
	case cut.cause != nil:
		return e.BadRequestError("The upload ended before it was complete. Try again.", err)
	}
	return e.InternalServerError("The upload could not be stored. Try again.", err)
}

var errTwiceField = errors.New("a field was sent more than once")

// isKnown reports whether a text field means something; others are read and
// forgotten, as a client may send more than this server knows.
func isKnown(field string) bool {
	switch field {
	case "api_key", "model_name", "style_data", "glossary_data", "segment_size",
		"target_language", "source_language", "encoding", "engine",
		"max_cost_usd", "review", "memory", "translate_pre":
		return true
	}
	return false
}

func (got *received) readField(part *multipart.Part, total *int) error {
	value, err := io.ReadAll(io.LimitReader(part, int64(maxFieldBytes-*total)+1))
	if err != nil {
		return errCutOff{err}
	}
	if *total += len(value); *total > maxFieldBytes {
		return errFieldsBig
	}
	name := part.FormName()
	if !isKnown(name) {
		return nil
	}
	if _, twice := got.fields[name]; twice {
		return fmt.Errorf("%w: %s", errTwiceField, name)
	}
	got.fields[name] = string(value)
	return nil
}

// storePart recognises the file's format by its beginning and streams it into
// storage, counting and digesting as it goes.
func (p *plugin) storePart(e *core.RequestEvent, part *multipart.Part, prefix string, got *received) error {
	counted := &counter{content: part, most: p.config.MaxUploadBytes, digest: sha256.New()}
	content := bufio.NewReaderSize(counted, document.HeadBytes)
	head, err := content.Peek(document.HeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return counted.failure
	}
	got.filename = displayName(part.FileName())
	format, ok := p.config.Formats.Recognise(got.filename, head)
	if !ok {
		return errUnknownFormat
	}
	got.format = format
	got.name = sourcePrefix + format.Name()
	got.key = prefix + got.name

	err = p.files.write(e.Request.Context(), got.key, got.filename, content)
	counted.digest.Sum(got.digest[:0])
	if err != nil && counted.failure != nil {
		return counted.failure
	}
	return err
}

// counter passes a file on, measures it, and digests it.
type counter struct {
	content io.Reader
	most    int64
	size    int64
	digest  hash.Hash
	failure error // of the content, not of who reads it
}

// Read reads on, and fails when the file is larger than allowed.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.content.Read(p)
	if errors.Is(err, errTooLarge) {
		c.failure = errTooLarge
		return n, err
	}
	c.digest.Write(p[:n])
	if c.size += int64(n); c.size > c.most {
		c.failure = errTooLarge
		return n, errTooLarge
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.failure = errCutOff{err}
	}
	return n, err
}

// movingBody returns the request's own body without PocketBase's wrapper, which
// keeps everything that is read for a second reading. Its deadline moves on
// with every read, and it ends with errTooLarge beyond most bytes.
func movingBody(e *core.RequestEvent, most int64) *moving {
	body := e.Request.Body
	if wrapped, ok := body.(*router.RereadableReadCloser); ok {
		body = wrapped.ReadCloser
	}
	return &moving{ReadCloser: body, connection: http.NewResponseController(e.Response), most: most}
}

// moving is a body that may take any time as long as it moves.
type moving struct {
	io.ReadCloser
	connection *http.ResponseController
	read, most int64     // bytes
	fixed      bool      // the deadline does not move any more
	window     time.Time // when a while of stallTimeout began
	windowRead int64     // and what had been read by then
	tail       []byte    // the last bytes, in which the form's end must stand
}

// maxTail is how much of the end is kept: more than a buffer that the form's
// reader may have read beyond the end.
const maxTail = 8 << 10

// Read extends the deadlines and reads.
func (m *moving) Read(p []byte) (int, error) {
	if !m.fixed {
		m.deadline(stallTimeout)
	}
	n, err := m.ReadCloser.Read(p)
	m.tail = append(m.tail, p[max(0, n-maxTail):n]...)
	m.tail = m.tail[max(0, len(m.tail)-maxTail):]
	if m.read += int64(n); m.read > m.most {
		return n, errTooLarge
	}
	if err == nil && !m.fixed && m.crawls() {
		return n, os.ErrDeadlineExceeded
	}
	return n, err
}

// crawls reports whether the last while brought less than a body that moves
// brings on the slowest line.
func (m *moving) crawls() bool {
	now := time.Now()
	if m.window.IsZero() || now.Sub(m.window) < stallTimeout {
		if m.window.IsZero() {
			m.window = now
		}
		return false
	}
	crawled := m.read-m.windowRead < stallBytes
	m.window, m.windowRead = now, m.read
	return crawled
}

// closed reports whether the form's closing boundary was read. Go's reader
// takes a body that is cut off within a part's header for one that has ended.
func (m *moving) closed(contentType string) bool {
	_, parameters, err := mime.ParseMediaType(contentType)
	return err == nil && bytes.Contains(m.tail, []byte("--"+parameters["boundary"]+"--"))
}

// hurry sets a deadline that does not move.
func (m *moving) hurry(within time.Duration) {
	m.deadline(within)
	m.fixed = true
}

// answer gives the answer its time, however long ago the last byte came.
func (m *moving) answer() {
	_ = m.connection.SetWriteDeadline(time.Now().Add(answerTimeout))
}

// deadline sets when the next bytes must have come. Not every connection has
// deadlines (tests' recorders have none), and one that is broken says so when
// it is read.
func (m *moving) deadline(within time.Duration) {
	now := time.Now()
	_ = m.connection.SetReadDeadline(now.Add(within))
	_ = m.connection.SetWriteDeadline(now.Add(within + answerTimeout))
}

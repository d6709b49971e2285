package process

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"testing"
)

// Upload is a document on its way to the server.
type Upload struct {
	// Path is where it is sent. Default: "/uploadfile/".
	Path string
	// Filename is what the document is called. Default: "document.txt".
	Filename string
	// Content is the document; nil sends no file at all.
	Content io.Reader
	// Size is the content's length where Content does not tell it itself; the
	// request has a Content-Length then, as curl's has. Unknown: chunked.
	Size int64
	// Fields are the form's other fields.
	Fields map[string]string
	// Header is sent besides, given as name, value, name, value.
	Header []string
}

// Send sends an upload. It may be called from any goroutine.
func (c *Client) Send(ctx context.Context, upload Upload) (*Answer, error) {
	request, err := c.UploadRequest(ctx, upload)
	if err != nil {
		return nil, err
	}
	return c.Perform(request)
}

// UploadRequest returns the request of an upload, for who sends it himself.
func (c *Client) UploadRequest(ctx context.Context, upload Upload) (*http.Request, error) {
	if upload.Path == "" {
		upload.Path = "/uploadfile/"
	}
	body, length, contentType, err := upload.body()
	if err != nil {
		return nil, err
	}
	request, err := c.Request(ctx, http.MethodPost, upload.Path, body)
	if err != nil {
		return nil, err
	}
	request.ContentLength = length
	maps.Copy(request.Header, headers(upload.Header))
	request.Header.Set("Content-Type", contentType)
	return request, nil
}

// body returns the form as a stream, with its length where it is known, or -1.
func (u Upload) body() (body io.Reader, length int64, contentType string, err error) {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for _, name := range slices.Sorted(maps.Keys(u.Fields)) {
		if err := writer.WriteField(name, u.Fields[name]); err != nil {
			return nil, 0, "", err
		}
	}
	if u.Content != nil {
		if u.Filename == "" {
			u.Filename = "document.txt"
		}
		if _, err := writer.CreateFormFile("file", u.Filename); err != nil {
			return nil, 0, "", err
		}
	}
	before := bytes.Clone(form.Bytes())
	if err := writer.Close(); err != nil {
		return nil, 0, "", err
	}
	after := form.Bytes()[len(before):]
	contentType = writer.FormDataContentType()
	if u.Content == nil {
		return bytes.NewReader(form.Bytes()), int64(form.Len()), contentType, nil
	}
	length = -1
	if sized, ok := u.Content.(interface{ Len() int }); ok {
		u.Size = int64(sized.Len())
	}
	if u.Size > 0 {
		length = int64(form.Len()) + u.Size
	}
	return io.MultiReader(bytes.NewReader(before), u.Content, bytes.NewReader(after)), length, contentType, nil
}

// Upload sends an upload.
func (c *Client) Upload(t testing.TB, upload Upload) *Answer {
	t.Helper()
	answer, err := c.Send(t.Context(), upload)
	if err != nil {
		t.Fatal(fmt.Errorf("upload: %w", err))
	}
	return answer
}

// MustUpload sends an upload that is to be accepted and returns its job.
func (c *Client) MustUpload(t testing.TB, upload Upload) Job {
	t.Helper()
	var job Job
	c.Upload(t, upload).MustBe(t, http.StatusOK).Decode(t, &job)
	return job
}

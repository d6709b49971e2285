package translation

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"verso/hooks/translation/pipeline"
)

// errSealedKey says that a stored API key cannot be opened.
var errSealedKey = errors.New("the stored API key cannot be opened")

// sealer keeps API keys that users lend for a job. They are stored sealed with
// AES-256-GCM, bound to the job by its id as associated data, so that a row
// copied to another job opens nothing.
type sealer struct {
	aead cipher.AEAD
	mac  []byte // derived, for digests that must not be guessable
}

func newSealer(key []byte) (*sealer, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("the sealing key has %d bytes, it needs 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	derive := hmac.New(sha256.New, key)
	derive.Write([]byte("verso idempotency fingerprint"))
	return &sealer{aead: aead, mac: derive.Sum(nil)}, nil
}

// KeyOpener returns what opens the API keys that works carry, for who carries out
// steps elsewhere with the same 32-byte sealing key.
func KeyOpener(sealingKey []byte) (func(pipeline.Work) (string, error), error) {
	seal, err := newSealer(sealingKey)
	if err != nil {
		return nil, err
	}
	return seal.keyOf, nil
}

// keyOf opens the API key that a work carries.
func (s *sealer) keyOf(work pipeline.Work) (string, error) { return s.open(work.JobID, work.SealedKey) }

// seal returns the API key sealed for a job: a random nonce and the
// ciphertext, in base64.
func (s *sealer) seal(jobID, apiKey string) string {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce) // never fails since Go 1.24
	return base64.StdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, []byte(apiKey), []byte(jobID)))
}

// open returns the API key. An error means that the key was sealed by another
// server key or for another job.
func (s *sealer) open(jobID, sealed string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return "", fmt.Errorf("%w: it is damaged", errSealedKey)
	}
	nonce, ciphertext := raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():]
	apiKey, err := s.aead.Open(nil, nonce, ciphertext, []byte(jobID))
	if err != nil {
		return "", fmt.Errorf("%w: it was sealed with another VERSO_SECRET_KEY", errSealedKey)
	}
	return string(apiKey), nil
}

// digest returns what two equal API keys have in common and nobody can turn
// back into one.
func (s *sealer) digest(apiKey string) string {
	mac := hmac.New(sha256.New, s.mac)
	mac.Write([]byte("api key "))
	mac.Write([]byte(apiKey))
	return string(mac.Sum(nil))
}

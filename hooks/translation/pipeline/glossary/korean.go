package glossary

import (
	"strings"
	"unicode/utf8"
)

// korean is the grammar of Korean: nouns are followed by particles, which are
// no part of them.
func korean() grammar {
	return grammar{
		outside: true,
		paradigms: []paradigm{
			{from: 1, agrees: closed, takes: `은 는 이 가 을 를 의 에 에서 에게 에게서 에는 에도 에서는 에게는 한테 께 께서 와 과 하고 로 으로 로서 으로서 로써 으로써
				부터 까지 도 만 뿐 밖에 처럼 보다 마다 이나 들 들은 들이 들을 들의 들에게 이라고 이라는 이란 이다 이며 이고 인 였다 이었다 입니다`},
			{from: 2, chain: true, agrees: closed, takes: `은 는 이 가 을 를 의 에 에서 에게 에게서 한테 한테서 께 께서 와 과 랑 이랑 하고 로 으로
				로서 으로서 로써 으로써 로부터 으로부터 부터 까지 마저 조차 도 만 뿐 밖에 처럼 같이 만큼 보다 마다 나 이나 라도 이라도
				야 아 여 이여 들 라 이라 라고 이라고 라는 이라는 란 이란 다 이다 였다 이었다 였던 이었던 인 일 임 입니다 이며 며 이고 고 이지 지 이지만 지만
				인데 요 이요 이에요 예요 니 이니 든지 이든지 네 씨 님 군 양 쯤 께서는 이야 야말로 이야말로 든 이든 커녕 는커녕 은커녕 따라 치고 서 에다 에다가
				엔 에선 에겐 한텐 론 으론 면 이면 자 이자 더러 보고 랑은 답게 답다 스럽다 스러운 적 식 풍 측 쪽 때 중 건만 이건만 건 이건 거나 이거나 라서 이라서
				였으나 이었으나 였지만 이었지만 였고 이었고 였는데 이었는데 로다 이로다 로구나 이로구나 올시다 이올시다 라면 이라면 라며 이라며 랍니다 이랍니다
				랄 이랄 랄까 이랄까 이라네 라네 였음 이었음 였을 이었을`},
			{from: 2, changed: true, takes: `인 어 족 호 섬 산 강 시 성 교 역 항 만 팀 사 가 댁 선생 선생님 선장 부인 양반 박사 교수 대학 대학교 정부 왕국 제국 공화국
				인은 인이 인을 인의 인들 인들은 인들이 인들을 어로 어를 어는 호는 호가 호의 호를 호에 호에서 섬은 섬이 섬의 섬에 산은 산이 산의 산에 강은 강이 강의 강에
				시는 시가 시의 시에 시에서 성은 성의 성에 댁은 댁이 댁의 선생은 선생이 선생의 선생을 부인은 부인이 부인의 부인을`},
		},
	}
}

// closed reports whether a particle goes with a stem's last syllable: some
// forms stand only where that ends with a consonant, some only where it does
// not.
func closed(stem, particle string) bool {
	last, _ := utf8.DecodeLastRuneInString(stem)
	if last < 0xAC00 || last > 0xD7A3 {
		return true
	}
	const finals, rieul = 28, 8
	final := (last - 0xAC00) % finals
	first, _ := utf8.DecodeRuneInString(particle)
	switch {
	case particle == "이", strings.ContainsRune("은을과으", first):
		return final != 0
	case particle == "가", strings.ContainsRune("는를와랑였", first):
		return final == 0
	case first == '로':
		return final == 0 || final == rieul
	}
	return true
}

// koreanStems returns the stem of a verb: of "번역하다" it is "번역".
func koreanStems(words string) []string {
	for _, ending := range []string{"하다", "되다", "스럽다", "다"} {
		if stem, ok := strings.CutSuffix(words, ending); ok && runes(stem) >= 2 {
			return []string{stem}
		}
	}
	return nil
}

// koreanVariants returns a term as it is written with other spaces: those
// between words may be left out, and one may part a surname from a name.
func koreanVariants(term *Term) []string {
	syllables := 0
	for _, r := range term.Term {
		switch {
		case scriptOf(r) == hangul:
			syllables++
		case r != ' ':
			return nil
		}
	}
	w := []rune(term.Term)
	switch {
	case syllables < len(w) && syllables >= 3:
		return []string{strings.ReplaceAll(term.Term, " ", "")}
	case syllables == len(w) && syllables == 3 && term.Kind == "person":
		return []string{string(w[:1]) + " " + string(w[1:])}
	}
	return nil
}

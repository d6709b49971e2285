package subtitle_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"verso/hooks/translation/document/subtitle"
)

// laidOut lays out a passage in which nothing is markup.
func laidOut(source string) *subtitle.Layout {
	plain := subtitle.Dialect{Markup: func(string) (int, subtitle.Kind) { return 0, 0 }}
	l := plain.LayOut(source)
	return &l
}

// TestLineBreaks breaks translations of a cue with some number of lines.
func TestLineBreaks(t *testing.T) {
	tests := []struct {
		name  string
		lines int // of the source
		text  string
		want  string
	}{
		{"English, short", 2, "Nothing to break here.", "Nothing to break here."},
		{"English, 42 characters", 2, "This is a line of exactly forty-two chars.", "This is a line of exactly forty-two chars."},
		{"English, 43 characters", 2, "This is a line of exactly forty-three char.", "This is a line of exactly\nforty-three char."},
		{"English, balanced", 2, "I never thought that I would see you here again, not after all these years.", "I never thought that I would see you\nhere again, not after all these years."},
		{"English, at a sentence", 2, "We were going to the store. But then it started to rain.", "We were going to the store.\nBut then it started to rain."},
		{"English, at a clause", 2, "If you had told me the truth, I would have believed you and helped you.", "If you had told me the truth,\nI would have believed you and helped you."},
		{"English, behind a quotation", 2, "“You should have told me that.” So he said, and then he left.", "“You should have told me that.”\nSo he said, and then he left."},
		{"English, no article left behind", 2, "Somebody has been sleeping in the wonderful bed upstairs.", "Somebody has been sleeping\nin the wonderful bed upstairs."},
		{"English, one line may become two", 1, "We were going to the store. But then it started to rain.", "We were going to the store.\nBut then it started to rain."},
		{"English, two longer lines rather than three", 2, "The quick brown fox jumps over the lazy dog and the cat sleeps in the sun while everyone watches the whole thing happen.", "The quick brown fox jumps over the lazy dog and the cat sleeps\nin the sun while everyone watches the whole thing happen."},
		{"English, three lines where there were three", 3, "The quick brown fox jumps over the lazy dog, and the cat sleeps in the sun while everyone watches the whole thing.", "The quick brown fox jumps over the lazy\ndog, and the cat sleeps in the sun while\neveryone watches the whole thing."},
		{"English, two lines where there were three", 3, "We were going to the store. But then it started to rain.", "We were going to the store.\nBut then it started to rain."},
		{"no-break spaces", 2, "We were going to the store, 100\u00a0000\u00a0people and me as well.", "We were going to the store,\n100\u00a0000\u00a0people and me as well."},

		{"German, at a clause", 2, "Wir wollten gerade in den Laden gehen, als es plötzlich zu regnen begann.", "Wir wollten gerade in den Laden gehen,\nals es plötzlich zu regnen begann."},
		{"German, balanced", 2, "Ich hätte nie gedacht, dass ich dich hier nach all den Jahren wiedersehen würde.", "Ich hätte nie gedacht, dass ich dich hier\nnach all den Jahren wiedersehen würde."},
		{"German, a long word", 2, "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente und noch ein Wort dazu.", "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente\nund noch ein Wort dazu."},
		{"German, nothing but a long word", 2, strings.Repeat("Donaudampf", 6), strings.Repeat("Donaudampf", 6)},
		{"German, letters of two code points", 2, strings.Repeat("u\u0308", 42), strings.Repeat("u\u0308", 42)},

		{"French, space before punctuation", 2, "Tu ne devais pas venir ! Il faut que tu partes maintenant !", "Tu ne devais pas venir !\nIl faut que tu partes maintenant !"},

		{"Korean, 20 syllables", 2, "가나다라 마바사아 자차카타 파하가나", "가나다라 마바사아 자차카타 파하가나"},
		{"Korean, at spaces only", 2, "이렇게 오랜 세월이 지난 뒤에 여기서 너를 다시 만나게 될 줄은 정말 몰랐어.", "이렇게 오랜 세월이 지난 뒤에 여기서\n너를 다시 만나게 될 줄은 정말 몰랐어."},
		{"Korean, balanced", 2, "네가 사실대로 말했더라면 나는 너를 믿고 도와주었을 거야.", "네가 사실대로 말했더라면 나는\n너를 믿고 도와주었을 거야."},
		{"Korean, a dialogue that fits", 2, "- 어디 가?\n- 집에.", "- 어디 가?\n- 집에."},

		{"Japanese, short", 2, "会えてうれしいです。", "会えてうれしいです。"},
		{"Japanese, 20 characters", 2, strings.Repeat("一二三四", 5), strings.Repeat("一二三四", 5)},
		{"Japanese, behind a particle", 2, "あなたが本当のことを言ってくれていたら私はあなたを信じて助けたでしょう。", "あなたが本当のことを言ってくれていたら\n私はあなたを信じて助けたでしょう。"},
		{"Japanese, at a clause", 2, "雨が降りそうだったので、傘を持って出かけることにした。", "雨が降りそうだったので、\n傘を持って出かけることにした。"},
		{"Japanese, small kana and marks begin no line", 2, "あっちょっちゃっちょっちゃっちょっちゃっちょっ", "あっちょっちゃっちょっ\nちゃっちょっちゃっちょっ"},
		{"Japanese, brackets stay with their words", 2, "私が昨日の夜に読んだのは「走れメロス」という小説でした。", "私が昨日の夜に読んだのは\n「走れメロス」という小説でした。"},

		{"Chinese, at a clause", 2, "如果你当时告诉我真相，我一定会相信你，也会帮助你的。", "如果你当时告诉我真相，\n我一定会相信你，也会帮助你的。"},
		{"Chinese, with Latin", 2, "他的iPhone昨天在地铁站被人偷走了，所以他没有办法给你打电话。", "他的iPhone昨天在地铁站被人偷走了，\n所以他没有办法给你打电话。"},
		{"Chinese, no punctuation", 2, "我从来没有想过在这么多年以后还会在这里再次见到你这个老朋友", "我从来没有想过在这么多年以后\n还会在这里再次见到你这个老朋友"},
		{"Chinese, at a space", 2, "我们明天早上八点出发 你千万不要忘记带上你的护照", "我们明天早上八点出发\n你千万不要忘记带上你的护照"},
		{"Chinese, numbers whole", 2, "这座大桥一共花费了大约1234567890元人民币才建成", "这座大桥一共花费了\n大约1234567890元人民币才建成"},

		{"Thai, marks have no width", 2, "ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่", "ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่ที่นี่"},
		{"Thai, at a space", 2, "ถ้าคุณบอกความจริงกับฉันตั้งแต่แรก ฉันก็คงจะเชื่อคุณและช่วยเหลือคุณไปแล้ว", "ถ้าคุณบอกความจริงกับฉันตั้งแต่แรก\nฉันก็คงจะเชื่อคุณและช่วยเหลือคุณไปแล้ว"},
		{"Thai, never within what has no space", 2, "ถ้าคุณบอกความจริงกับฉันตั้งแต่แรกฉันก็คงจะเชื่อคุณและช่วยเหลือคุณไปแล้ว", "ถ้าคุณบอกความจริงกับฉันตั้งแต่แรกฉันก็คงจะเชื่อคุณและช่วยเหลือคุณไปแล้ว"},
		{"Thai, at a zero-width space", 2, "ถ้าคุณบอกความจริงกับฉันตั้งแต่แรก\u200bฉันก็คงจะเชื่อคุณและช่วยเหลือคุณไปแล้ว", "ถ้าคุณบอกความจริงกับฉันตั้งแต่แรก\nฉันก็คงจะเชื่อคุณและช่วยเหลือคุณไปแล้ว"},

		{"emoji", 2, strings.Repeat("👩‍👩‍👧‍👦", 20), strings.Repeat("👩‍👩‍👧‍👦", 20)},
		{"flags are not torn", 2, strings.Repeat("🇩🇪 ", 15) + "🇰🇷", strings.TrimSpace(strings.Repeat("🇩🇪 ", 8)) + "\n" + strings.Repeat("🇩🇪 ", 7) + "🇰🇷"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := strings.TrimSuffix(strings.Repeat("some words\n", test.lines), "\n")
			if got := laidOut(source).Render(test.text); got != test.want {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestDialogueBreaks breaks the speeches of a dialogue where there are lines to
// spare, and no speech where there are none.
func TestDialogueBreaks(t *testing.T) {
	const long = "- This is a speech that does not fit in one line."
	for _, test := range []struct{ source, translation, want string }{
		{"- A\n- B", long + "\n- No.", long + "\n- No."},
		{"- A\nand more\n- B", long + "\n- No.", "- This is a speech that\ndoes not fit in one line.\n- No."},
		{"- A\nand more\n- B", "- No.\n" + long, "- No.\n- This is a speech that\ndoes not fit in one line."},
	} {
		t.Run(fmt.Sprintf("%q", test.source), func(t *testing.T) {
			if got := laidOut(test.source).Render(test.translation); got != test.want {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestLineBreaksKept holds for any text that no more lines come of it than the source
// has, or two, that none is too long where that can be, and that no word is lost.
func TestLineBreaksKept(t *testing.T) {
	word := rapid.StringMatching(`[a-zé]{1,9}[,.!]?`)
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.IntRange(1, 4).Draw(t, "lines")
		text := strings.Join(rapid.SliceOfN(word, 1, 40).Draw(t, "words"), " ")
		l := laidOut(strings.TrimSuffix(strings.Repeat("some words\n", lines), "\n"))
		for name, got := range map[string]string{"alone": l.Render(text), "above": l.RenderAbove(text)} {
			rows := strings.Split(got, "\n")
			if strings.Join(rows, " ") != text {
				t.Fatalf("%s: %q became %q", name, text, got)
			}
			if len(rows) > max(lines, 2) {
				t.Fatalf("%s: %d lines became %d: %q", name, lines, len(rows), got)
			}
			// A line is full when the longest word does not fit into it any more.
			if len([]rune(text)) > 2*(42-10) {
				continue
			}
			for _, row := range rows {
				if n := len([]rune(row)); n > 42 && (name == "alone" || n > 63) {
					t.Fatalf("%s: a line has %d characters: %q", name, n, got)
				}
			}
		}
	})
}

// TestAbove holds that a translation above its source is one line where there is room.
func TestAbove(t *testing.T) {
	for text, want := range map[string]string{
		"We were going to the store. But then it started to rain.":                  "We were going to the store. But then it started to rain.",
		"We were going to the store. But then it started to rain and we went home.": "We were going to the store. But then\nit started to rain and we went home.",
		"如果你当时告诉我真相，我一定会相信你，也会帮助你的。":                                                "如果你当时告诉我真相，我一定会相信你，也会帮助你的。",
		"如果你当时告诉我真相，我一定会相信你，也会帮助你的，真的会。我发誓。":                                        "如果你当时告诉我真相，我一定会相信你，\n也会帮助你的，真的会。我发誓。",
	} {
		if got := laidOut("some\nwords").RenderAbove(text); got != want {
			t.Errorf("\n got %q\nwant %q", got, want)
		}
	}
}

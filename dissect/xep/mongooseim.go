package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "Inbox", Label: "inbox",
		Doc:    "The list of somebody's conversations with the number of unread messages in each.",
		Spaces: []string{"erlang-solutions.com:xmpp:inbox:0"},
		Elements: []dissect.Element{
			{Name: "inbox", Field: "xmpp.esl.inbox", Info: "conversations[, {~@queryid}]", Doc: "asks for the conversations", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.inbox.queryid", Type: dissect.Text, Path: "@queryid", Doc: "id that the results will bear"},
			}},
			{Name: "result", Field: "xmpp.esl.inbox.result", Rank: dissect.Wrapper, Describe: describeInboxResult, Doc: "a conversation", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.inbox.unread", Type: dissect.Number, Path: "@unread", Doc: "how many unread messages"},
				{Name: "xmpp.esl.inbox.queryid", Type: dissect.Text, Path: "@queryid", Doc: "id that the results will bear"},
			}},
			{Name: "fin", Field: "xmpp.esl.inbox.fin", Info: "end[, {count} conversations][, {unread-messages} unread]", Doc: "all conversations have been listed", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.inbox.count", Type: dissect.Number, Path: "count", Doc: "how many conversations"},
				{Name: "xmpp.esl.inbox.unread-messages", Type: dissect.Number, Path: "unread-messages", Doc: "how many unread messages"},
				{Name: "xmpp.esl.inbox.active-conversations", Type: dissect.Number, Path: "active-conversations", Doc: "how many conversations have some"},
			}},
			{Name: "reset", Field: "xmpp.esl.inbox.reset", Info: "read[ {@jid}]", Doc: "all messages of a conversation are read", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.inbox.jid", Type: dissect.JID, Path: "@jid", Doc: "with whom"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "Inbox: Conversations", Label: "conversation",
		Doc:    "Whether a conversation is read, archived or silent.",
		Spaces: []string{"erlang-solutions.com:xmpp:inbox:0#conversation"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.esl.conversation", Info: "[ with {@jid}][, archived {archive}][, read {read}][, mute {mute}]", Doc: "asks for or changes that", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.inbox.jid", Type: dissect.JID, Path: "@jid", Doc: "with whom"},
				{Name: "xmpp.esl.inbox.archive", Type: dissect.Boolean, Path: "archive", Doc: "it is archived"},
				{Name: "xmpp.esl.inbox.read", Type: dissect.Boolean, Path: "read", Doc: "all its messages are read"},
				{Name: "xmpp.esl.inbox.mute", Type: dissect.Text, Path: "mute", Doc: "until when it is silent"},
			}},
			{Name: "x", Field: "xmpp.esl.conversation.change", Rank: dissect.Content, Info: "conversation[ with {@jid}][, archived {archive}][, read {read}][, mute {mute}]", Doc: "it has changed", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.inbox.jid", Type: dissect.JID, Path: "@jid", Doc: "with whom"},
				{Name: "xmpp.esl.inbox.archive", Type: dissect.Boolean, Path: "archive", Doc: "it is archived"},
				{Name: "xmpp.esl.inbox.read", Type: dissect.Boolean, Path: "read", Doc: "all its messages are read"},
				{Name: "xmpp.esl.inbox.mute", Type: dissect.Text, Path: "mute", Doc: "until when it is silent"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "Token Authentication", Label: "tokens",
		Doc:    "Gives a client tokens to log in with instead of its password.",
		Spaces: []string{"erlang-solutions.com:xmpp:token-auth:0"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.esl.token.query", Doc: "asks for tokens"},
			{Name: "items", Field: "xmpp.esl.token", Info: "[, access {access_token}][, refresh {refresh_token}]", Doc: "the tokens", Fields: []dissect.FieldDef{
				{Name: "xmpp.esl.token.access", Type: dissect.Text, Path: "access_token", Doc: "token for logging in"},
				{Name: "xmpp.esl.token.refresh", Type: dissect.Text, Path: "refresh_token", Doc: "token for getting others"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "MUC Light: Destruction", Label: "muclight",
		Doc:    "Destroys a room.",
		Spaces: []string{"urn:xmpp:muclight:0#destroy"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.muclight.destroy", Info: "destroy", Rank: dissect.Content, Doc: "the room is destroyed"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "MUC Light: Blocking", Label: "muclight",
		Doc:    "Keeps rooms and people away.",
		Spaces: []string{"urn:xmpp:muclight:0#blocking"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.muclight.blocking", Info: "blocking[, {&user}][, {&room}]", Doc: "who is kept away", Fields: []dissect.FieldDef{
				{Name: "xmpp.muclight.blocking.user", Type: dissect.JID, Path: "user", Doc: "somebody", Fields: []dissect.FieldDef{
					{Name: "xmpp.muclight.blocking.action", Type: dissect.Text, Path: "@action", Doc: "allow or deny"},
				}},
				{Name: "xmpp.muclight.blocking.room", Type: dissect.JID, Path: "room", Doc: "a room", Fields: []dissect.FieldDef{
					{Name: "xmpp.muclight.blocking.action", Type: dissect.Text, Path: "@action", Doc: "allow or deny"},
				}},
			}},
		},
	})
}

// describeInboxResult tells of the last message of a conversation.
func describeInboxResult(l *dissect.Line, n int32) {
	l.Add("conversation")
	l.Labelled(", unread ", n, "unread")
	if f := l.Tree.Find(n, "urn:xmpp:forward:0", "forwarded"); f >= 0 {
		l.Add(": ")
		inner(l, f)
	}
}

/** What sample people say, by language; other languages write English. */
import type { NotificationType } from '../../contract/vocabulary.ts';

export const messages: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Hi, my order has not arrived yet. Could you have a look?',
    'The webhook has answered 502 since this morning.',
    'Thanks, that solved it!',
    'Can I change the delivery address?',
    'Please call me back after three.',
    'Which plan do I need for five colleagues?',
  ],
  vi: [
    'Chào bạn, đơn hàng của tôi vẫn chưa tới.',
    'Cho mình hỏi giá gói doanh nghiệp với ạ.',
    'Cảm ơn, mình đã nhận được hàng rồi!',
    'Tôi muốn đổi địa chỉ giao hàng.',
  ],
  zh: ['你好，我的订单还没有收到。', '请问可以开发票吗？', '谢谢，问题已经解决了！', '我想修改收货地址。'],
  ja: ['注文した商品がまだ届いていません。', 'ありがとうございます、解決しました。', '請求書を送っていただけますか。'],
  ko: ['주문한 상품이 아직 도착하지 않았어요.', '감사합니다, 해결됐어요!', '배송지를 바꾸고 싶어요.'],
  de: ['Guten Tag, meine Bestellung ist noch nicht da.', 'Danke, jetzt läuft es wieder!'],
  es: ['Hola, mi pedido todavía no ha llegado.', '¡Gracias, ya está resuelto!'],
};

/** What colleagues answer, by language; other languages read English. */
export const replies: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Hello! I am looking into it now.',
    'It left our warehouse yesterday and should be with you tomorrow.',
    'Could you send me a screenshot of the error?',
    'Done. Is there anything else that I can do for you?',
    'I have passed this on to our engineers. They will write to you today, at the latest by six.',
  ],
  vi: ['Dạ, em kiểm tra ngay ạ.', 'Đơn hàng của anh/chị sẽ tới vào ngày mai.', 'Dạ, em đã đổi địa chỉ rồi ạ.'],
  zh: ['您好，我马上帮您查一下。', '已经为您处理好了，还有什么可以帮您的吗？', '包裹预计明天送达。'],
  ja: ['お問い合わせありがとうございます。すぐに確認いたします。', '明日お届けの予定です。'],
  ko: ['안녕하세요, 바로 확인해 드릴게요.', '내일 도착할 예정입니다.'],
  de: ['Guten Tag, ich sehe sofort nach.', 'Das Paket kommt morgen an.'],
  es: ['Hola, lo miro ahora mismo.', 'El pedido llega mañana.'],
};

export const comments = [
  'Prefers e-mail, please do not call before ten.',
  'Asked for an invoice in the company name.',
  'Refund approved, waiting for the bank.',
  'Đã gọi lại, khách hài lòng.',
  '已确认地址，周五发货。',
  'Had the same problem in March; see the earlier conversation.',
  'VIP: renewals go through the account team.',
  'Number corrected after a wrong delivery.',
] as const;

export const summaries = [
  { text: 'Asked where the order is; tracking link sent.', sentiment: 'neutral', importance: 'medium' },
  { text: 'Reported failing webhooks; passed to engineering.', sentiment: 'negative', importance: 'high' },
  { text: 'Confirmed that the fix works.', sentiment: 'positive', importance: 'low' },
  { text: 'Wants to upgrade to the business plan.', sentiment: 'positive', importance: 'high' },
  { text: 'Complained about a late reply.', sentiment: 'negative', importance: 'medium' },
  { text: 'Changed the delivery address.', sentiment: 'neutral', importance: 'low' },
] as const;

export const teams = ['Customer care', 'Integrations', 'Billing', 'Chăm sóc khách hàng'] as const;
export const colleagues = ['Mai Phạm', 'Ben Ellis', '李静', 'Ana Ibáñez', 'Yui Tanaka'] as const;
export const contactLabels = ['vip', 'lead', 'trial', 'partner', 'khách quen', '重要'] as const;

export const notificationTitles: Readonly<Record<NotificationType, string>> = {
  101: 'A card was assigned to you',
  201: 'New conversation for your team',
  202: 'New conversation to grab',
  203: 'You were invited to a conversation',
  204: 'A conversation was assigned to you',
  301: 'You were invited to a team',
  302: 'Somebody asks to join your team',
  303: 'Your team invitation was accepted',
  304: 'Your request to join was approved',
  305: 'A team admin may leave',
};

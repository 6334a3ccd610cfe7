// later
export const view = () => ({ element: document.createElement('div'), show() {} });
